#!/bin/sh
# cryptojwt 1.11.0 and pyjwkest 1.4.4 (Python) write a private RSA JWK with `p` and `q`, and without `dp`, `dq`, `qi`.
#
# RFC 7518 section 6.3.2 allows a private key of `d` alone, and one with all of the five; a producer
# that writes one of them must write the others. Readers hold to it: PyJWT 2.15.1, joserfc 1.8.0,
# python-jose 3.5.0 and jose 6.2.18 (npm) refuse the key, and the last says no more than "Invalid
# keyData". jwcrypto 1.6.1 takes it and fails with a TypeError when it is used. Without `p` and `q`
# PyJWT reads the same key: two members too many make it unreadable.
#
# Seen on 2026-11-27: members n e d p q from both writers; of no use to any of five readers.
#
# Needs python3 with venv, node with npm, PyPI and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptojwt==1.11.0 pyjwkest==1.4.4 pyjwt==2.15.1 \
    joserfc==1.8.0 python-jose==3.5.0 jwcrypto==1.6.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - <<'PYTHON'
import json

import jwt
from Cryptodome.PublicKey import RSA
from cryptojwt.jwk.rsa import new_rsa_key
from jose import jwk as python_jose
from joserfc.jwk import RSAKey
from jwcrypto.jwk import JWK
from jwkest.jwk import RSAKey as Pyjwkest

READERS = {
    "PyJWT": lambda key: jwt.PyJWK({**key, "alg": "RS256"}),
    "joserfc": lambda key: RSAKey.import_key(key).private_key,
    "python-jose": lambda key: python_jose.construct(key, "RS256"),
    "jwcrypto": lambda key: JWK(**key).export_to_pem(private_key=True, password=None),
}


def reads(name, key):
    try:
        READERS[name](key)
        return True
    except Exception as error:
        print(f"{name}: {error}")
        return False


for key in new_rsa_key(2048).serialize(private=True), Pyjwkest(key=RSA.generate(2048)).serialize(private=True):
    members = set(key) - {"kty", "kid"}
    assert members == {"n", "e", "d", "p", "q"}, members
    assert not any([reads(name, key) for name in READERS])
    plain = {name: value for name, value in key.items() if name not in "pq"}
    assert reads("PyJWT", plain)
with open("key.json", "w") as file:
    json.dump(key, file)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { importJWK } from "jose";

const key = JSON.parse(readFileSync("key.json"));
await assert.rejects(importJWK(key, "RS256"), { message: "Invalid keyData" });
console.log("jose: Invalid keyData");
NODE
