#!/bin/sh
# A key set with one ML-DSA key in it is of no use to Authlib 1.9.10 and jwskate 0.12.2, not even for its old keys.
#
# RFC 7517 section 5 tells readers to leave out members of a set whose `kty` they do not understand. An issuer
# that adds a post-quantum key (`"kty":"AKP"`) beside its ES256 key cuts off the clients that do not: Authlib
# raises KeyError 'AKP' for the whole set, jwskate InvalidJwk. PyJWT 2.15.1, joserfc 1.8.0, jwcrypto 1.6.1 and
# cryptojwt 1.11.0 go on with the ES256 key, as does jose 6.2.18 (npm).
#
# Seen on 2026-11-27: of seven libraries two verify no token any more once the set has a key of that kind.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 jwskate==0.12.2 pyjwt==2.15.1 joserfc==1.8.0 \
    jwcrypto==1.6.1 cryptojwt==1.11.0 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - 2> /dev/null <<'PYTHON'
import base64
import json

import jwt
import jwskate
from authlib.jose import JsonWebKey, JsonWebToken
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptojwt.jws.jws import factory
from cryptojwt.key_bundle import KeyBundle
from joserfc import jwt as joserfc
from joserfc.jwk import KeySet
from jwcrypto import jwk, jwt as jwcrypto

signer = jwk.JWK.generate(kty="EC", crv="P-256", kid="old")
token = jwcrypto.JWT(header={"alg": "ES256", "kid": "old"}, claims={"sub": "alice"})
token.make_signed_token(signer)
token = token.serialize()
old = json.loads(signer.export_public())
pub = base64.urlsafe_b64encode(MLDSA44PrivateKey.generate().public_key().public_bytes_raw())
new = {"kty": "AKP", "alg": "ML-DSA-44", "kid": "new", "use": "sig", "pub": pub.decode().rstrip("=")}

READERS = {
    "Authlib": lambda keys: JsonWebToken(["ES256"]).decode(token, JsonWebKey.import_key_set(keys)),
    "jwskate": lambda keys: jwskate.Jwt(token).verify(jwskate.JwkSet(keys), alg="ES256"),
    "PyJWT": lambda keys: jwt.decode(token, jwt.PyJWKSet.from_dict(keys)["old"], ["ES256"]),
    "joserfc": lambda keys: joserfc.decode(token, KeySet.import_key_set(keys), ["ES256"]),
    "jwcrypto": lambda keys: jwcrypto.JWT(jwt=token, key=jwk.JWKSet.from_json(json.dumps(keys)), algs=["ES256"]),
    "cryptojwt": lambda keys: factory(token).verify_compact(token, KeyBundle(keys=keys["keys"]).keys()),
}


def verifies(name, *keys):
    try:
        READERS[name]({"keys": list(keys)})
        return True
    except Exception as error:
        print(f"{name}: {error!r}")
        return False


assert all([verifies(name, old) for name in READERS])
assert [name for name in READERS if not verifies(name, new, old)] == ["Authlib", "jwskate"]
with open("made.json", "w") as file:
    json.dump({"token": token, "keys": [new, old]}, file)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

const { token, keys } = JSON.parse(readFileSync("made.json"));
assert.equal((await jwtVerify(token, createLocalJWKSet({ keys }))).payload.sub, "alice");
console.log("jose: verified");
NODE
