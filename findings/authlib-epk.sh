#!/bin/sh
# About one of 128 tokens that Authlib 1.9.10 encrypts with ECDH-ES is not opened by node-jose 2.2.0: "no key found".
#
# RFC 7518 sections 4.6.1.1 and 6.2.1.2 want `x` and `y` of the ephemeral key as wide as the curve: 32 bytes for P-256.
# `authlib.jose` leaves zero bytes in front away, so a coordinate of the fresh key is a byte short now and then, and
# just these tokens fail: the next one for the same key is fine again. jose 6.2.18 (npm) opens all of them, and joserfc
# 1.8.0, which Authlib names as its successor, writes both numbers in full. A public key of Authlib in a key set is cut
# as well, and PyJWT 2.15.1 does not take such a one ("Coords should be 32 bytes for curve P-256").
#
# Seen on 2026-11-28: of 600 tokens 5 had a short coordinate, and these 5 were refused.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 joserfc==1.8.0 pyjwt==2.15.1 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 node-jose@2.2.0
venv/bin/python - <<'PYTHON'
import json

import jwt
from authlib.jose import JsonWebEncryption, JsonWebKey
from joserfc import jwe as joserfc
from joserfc.jwk import ECKey

HEADER, TEXT = {"alg": "ECDH-ES", "enc": "A128GCM"}, b'{"sub":"alice"}'
key = ECKey.generate_key("P-256")
authlib = JsonWebKey.import_key(key.as_dict(private=False))
made = [JsonWebEncryption().serialize_compact(HEADER, TEXT, authlib).decode() for _ in range(1500)]
right = [joserfc.encrypt_compact(HEADER, TEXT, key) for _ in range(1500)]
json.dump({"key": key.as_dict(private=True), "authlib": made, "joserfc": right}, open("made", "w"))


def short(key):
    return any(len(key[name]) < 43 for name in ("x", "y"))


keys = [JsonWebKey.generate_key("EC", "P-256", is_private=True).as_dict() for _ in range(1500)]
assert any(map(short, keys))
for public in keys:
    try:
        jwt.PyJWK(public, "ES256")
        assert not short(public)
    except jwt.exceptions.InvalidKeyError as error:
        assert short(public)
        print("PyJWT:", error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { compactDecrypt, importJWK } from "jose";
import nodeJose from "node-jose";

const made = JSON.parse(readFileSync("made"));
const [key, joseKey] = [await nodeJose.JWK.asKey(made.key), await importJWK(made.key, "ECDH-ES")];
const counts = {};
for (const writer of ["authlib", "joserfc"]) {
  for (const token of made[writer]) {
    const { x, y } = JSON.parse(Buffer.from(token.split(".")[0], "base64url")).epk;
    const width = x.length < 43 || y.length < 43 ? "short" : "full";
    await compactDecrypt(token, joseKey);
    const outcome = await nodeJose.JWE.createDecrypt(key).decrypt(token).then(() => "opened", (error) => error.message);
    counts[`${writer}, ${width}: ${outcome}`] = (counts[`${writer}, ${width}: ${outcome}`] ?? 0) + 1;
  }
}
console.log(counts);
assert.deepEqual(Object.keys(counts).sort(),
  ["authlib, full: opened", "authlib, short: no key found", "joserfc, full: opened"]);
NODE
