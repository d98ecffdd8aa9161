#!/bin/sh
# did-jwt 8.0.18 (npm) says ES256K of a token that it signs with Ed25519.
#
# `createJWT` takes the signer and the name of its algorithm apart, and the name is ES256K unless it is given, also
# with the library's own EdDSASigner. RFC 7515 section 4.1.1 has `alg` name the algorithm that was used. The
# signature is right for Ed25519; a reader looks for a secp256k1 key and finds none. jose 6.2.18 (npm) knows no
# ES256K, and PyJWT 2.15.1 says that the right key is an invalid one. As signatures of both have 64 bytes, nothing
# in the token tells.
#
# Seen on 2026-11-27: header {"typ":"JWT","alg":"ES256K"}; a good Ed25519 signature under it.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts did-jwt@8.0.18 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { generateKeyPairSync, verify } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createJWT, EdDSASigner } from "did-jwt";
import { jwtVerify } from "jose";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signer = EdDSASigner(Buffer.from(privateKey.export({ format: "jwk" }).d, "base64url"));
const token = await createJWT({ aud: "api" }, { issuer: "did:example:alice", signer });
const [header, payload, signature] = token.split(".");
console.log(Buffer.from(header, "base64url").toString());
assert.equal(JSON.parse(Buffer.from(header, "base64url")).alg, "ES256K");
assert(verify(null, `${header}.${payload}`, publicKey, Buffer.from(signature, "base64url")));
await assert.rejects(jwtVerify(token, publicKey), (error) => (console.log("jose:", error.message), true));
writeFileSync("token", token);
writeFileSync("key.pem", publicKey.export({ format: "pem", type: "spki" }));
NODE
venv/bin/python -W ignore - <<'PYTHON'
import jwt

try:
    jwt.decode(open("token").read(), open("key.pem").read(), ["ES256K"], audience="api")
    raise SystemExit(1)
except jwt.PyJWTError as error:
    print("PyJWT:", error)
PYTHON
