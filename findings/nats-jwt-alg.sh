#!/bin/sh
# A JWT of NATS (@nats-io/jwt 0.0.11, npm) names an algorithm that no JOSE library knows, over an ordinary Ed25519 signature.
#
# RFC 7515 section 4.1.1 has `alg` from the IANA registry, or with a name that cannot collide. NATS writes "ed25519-nkey"
# and keeps the public key in `iss`, as an nkey: base32 of a prefix byte, the 32 bytes of Ed25519, and a checksum of two.
# jose 6.2.18 (npm), PyJWT 2.15.1 and joserfc 1.8.0 refuse the algorithm, although the token carries all that a check
# needs: the bytes taken out of `iss` verify the signature over header and claims as RFC 8037 section 3.1 has it.
#
# Seen on 2026-11-28: header {"typ":"JWT","alg":"ed25519-nkey"}, `iss` of 56 characters, a good signature under it.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 joserfc==1.8.0 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts @nats-io/jwt@0.0.11 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createPublicKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createAccount, createUser, decode, encodeUser } from "@nats-io/jwt";
import { decodeJwt, jwtVerify } from "jose";

const token = await encodeUser("alice", createUser(), createAccount());
assert.equal(decode(token).name, "alice");
const { iss } = decodeJwt(token);
const bits = [...iss].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
const nkey = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
assert.equal(nkey.length, 35);
const jwk = { kty: "OKP", crv: "Ed25519", x: nkey.subarray(1, 33).toString("base64url") };
await assert.rejects(jwtVerify(token, createPublicKey({ key: jwk, format: "jwk" })),
  (error) => (console.log("jose:", error.message), /ed25519-nkey/.test(error.message)));
writeFileSync("token", token);
NODE
venv/bin/python -W ignore - <<'PYTHON'
import base64
import json

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

token = open("token").read()
header = jwt.get_unverified_header(token)
print(header)
assert header == {"typ": "JWT", "alg": "ed25519-nkey"}
claims, signature = (base64.urlsafe_b64decode(segment + "==") for segment in token.split(".")[1:])
issuer = json.loads(claims)["iss"]
assert len(issuer) == 56
key = Ed25519PublicKey.from_public_bytes(base64.b32decode(issuer)[1:33])
key.verify(signature, token.rpartition(".")[0].encode())
print("cryptography: good under", issuer)
try:
    jwt.decode(token, key, [header["alg"]], audience="NATS")
    raise SystemExit(1)
except (jwt.PyJWTError, NotImplementedError) as error:
    print("PyJWT:", error)
try:
    joserfc.decode(token, OKPKey.import_key(key), algorithms=[header["alg"]])
    raise SystemExit(1)
except (JoseError, ValueError) as error:
    print("joserfc:", error)
PYTHON
