#!/bin/sh
# cose-to-jwk 1.1.0 (npm) writes "ECDSA_w_SHA256" into the `alg` of a passkey's JWK, and its numbers in base64 with padding.
#
# RFC 7517 section 4.4 has a name of the IANA registry there, ES256 for COSE's -7 (RFC 9053 section 2.1), and RFC 7518
# section 6.2.1.2 has base64url, which RFC 7515 section 2 takes without padding. PyJWT 2.15.1 does not know the algorithm;
# jwcrypto 1.6.1 and jose 6.2.18 (npm) read the key, and hash the text as it stands: so it has another thumbprint (RFC
# 7638) than the same key written right. Without `alg` and with each number spelled again it is the key of the passkey.
# RSA keys are written so as well ("RSASSA-PKCS1-v1_5_w_SHA256").
#
# Seen on 2026-11-28: {"kty":"EC","alg":"ECDSA_w_SHA256","crv":"P-256","x":"…=","y":"…="}; two thumbprints of one key.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 jwcrypto==1.6.1 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts cose-to-jwk@1.1.0 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import coseToJwk from "cose-to-jwk";
import { calculateJwkThumbprint, importJWK } from "jose";

const { encode } = createRequire(createRequire(import.meta.url).resolve("cose-to-jwk"))("cbor");
const bytes = (text) => Buffer.from(text, "base64url");
const right = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
const written = coseToJwk(encode(new Map([[1, 2], [3, -7], [-1, 1], [-2, bytes(right.x)], [-3, bytes(right.y)]])));
console.log(written);
assert.equal(written.alg, "ECDSA_w_SHA256");
assert.deepEqual([written.x, written.y], [right.x, right.y].map((text) => bytes(text).toString("base64")));
await importJWK(written, "ES256");
const [one, other] = await Promise.all([written, right].map((key) => calculateJwkThumbprint(key)));
console.log("jose:", one, other);
assert.notEqual(one, other);
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
const { alg } = coseToJwk(encode(new Map([[1, 3], [3, -257], [-1, bytes(rsa.n)], [-2, bytes(rsa.e)]])));
assert.equal(alg, "RSASSA-PKCS1-v1_5_w_SHA256");
writeFileSync("keys", JSON.stringify({ written, right }));
NODE
venv/bin/python -W ignore - <<'PYTHON'
import json

import jwt
from jwcrypto.jwk import JWK

keys = json.load(open("keys"))
written, right = (JWK(**keys[name]) for name in ("written", "right"))
print("jwcrypto:", written.thumbprint(), right.thumbprint())
assert written.thumbprint() != right.thumbprint()
assert written.export_to_pem() == right.export_to_pem()
try:
    jwt.PyJWK(keys["written"])
    raise SystemExit(1)
except jwt.PyJWTError as error:
    print("PyJWT:", error)
PYTHON
