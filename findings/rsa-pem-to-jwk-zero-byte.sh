#!/bin/sh
# rsa-pem-to-jwk 1.1.3 (npm) leaves the zero byte of DER before `n`, and the key gets another thumbprint.
#
# RFC 7518 section 2 (Base64urlUInt) wants as few bytes as the number takes, and section 6.3.1.1 warns of
# just this byte. Every reader tried here takes the key, computes with the right number and hashes the wrong
# text: jose 6.2.18 (npm), joserfc 1.8.0 and jwcrypto 1.6.1 give one thumbprint (RFC 7638) for the written
# key, and another for the same key read from its PEM. So the `kid` in a token's header names a key that is
# in no key set, although its signature is good.
#
# Seen on 2026-11-27: `n` of 2048 bits in 343 characters instead of 342, `p`, `q` and others likewise.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check joserfc==1.8.0 jwcrypto==1.6.1
npm install --silent --no-audit --no-fund --ignore-scripts rsa-pem-to-jwk@1.1.3 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { calculateJwkThumbprint, compactVerify, CompactSign } from "jose";
import rsaPemToJwk from "rsa-pem-to-jwk";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const written = rsaPemToJwk(pair.privateKey.export({ format: "pem", type: "pkcs1" }), {}, "public");
const right = pair.publicKey.export({ format: "jwk" });
console.log(`n in ${written.n.length} characters, and in ${right.n.length}`);
assert.equal(Buffer.from(written.n, "base64url")[0], 0);
assert.deepEqual([written.n.length, right.n.length], [343, 342]);
const token = await new CompactSign(Buffer.from("{}")).setProtectedHeader({ alg: "RS256" }).sign(pair.privateKey);
await compactVerify(token, createPublicKey({ key: written, format: "jwk" }));
const thumbprints = [await calculateJwkThumbprint(written), await calculateJwkThumbprint(right)];
assert.notEqual(...thumbprints);
writeFileSync("made.json", JSON.stringify({ written, right, thumbprints }));
NODE
venv/bin/python -W ignore - <<'PYTHON'
import json

from joserfc.jwk import RSAKey
from jwcrypto.jwk import JWK

made = json.load(open("made.json"))
keys = [made["written"], made["right"]]
print(made["thumbprints"])
assert [RSAKey.import_key(key).thumbprint() for key in keys] == made["thumbprints"]
assert [JWK(**key).thumbprint() for key in keys] == made["thumbprints"]
assert RSAKey.import_key(keys[0]).public_key.public_numbers() == RSAKey.import_key(keys[1]).public_key.public_numbers()
PYTHON
