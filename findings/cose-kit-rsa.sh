#!/bin/sh
# cose-kit 1.7.1 (npm) makes a COSE key of an RSA JWK with an undefined kind and neither modulus nor exponent, without an error.
#
# RFC 8230 section 4 has `kty` 3, `n` (-1) and `e` (-2). `COSEKeyFromJWK` knows no RSA keys and leaves out what it does not
# know: what is left is alg and kid beside 1: undefined. `COSEKeyToJWK` makes {"alg":"RS256"} of a right RSA key, which
# those of Windows Hello are; only `importCOSEKey` fails, by jose's word on `kty`. Yet the library signs and verifies with RSA
# keys. cwt 3.3.0 (Python) reads the right key and refuses the other one. A key for HS256 loses its `alg` in the same way.
#
# Seen on 2026-11-28: a3 01 f7 03 39 01 00 02 61 61 (hexadecimal) of a key of 2048 bits, and {"alg":"RS256"} the way back.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cwt==3.3.0
npm install --silent --no-audit --no-fund --ignore-scripts cose-kit@1.7.1
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { COSEKeyFromJWK, coseSign, coseVerify } from "cose-kit";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const signed = await coseSign({ alg: "PS256" }, {}, Buffer.from("text"), privateKey);
assert((await coseVerify(signed, publicKey)).isValid);
const jwk = { ...publicKey.export({ format: "jwk" }), alg: "RS256", kid: "a" };
const written = Buffer.from(COSEKeyFromJWK(jwk));
console.log(written.toString("hex"));
assert.equal(written.toString("hex"), "a301f703390100026161");
const secret = Buffer.from(COSEKeyFromJWK({ kty: "oct", k: "YWJj", alg: "HS256" })).toString("hex");
console.log(secret);
assert.equal(secret, "a30104204361626303f7");
writeFileSync("jwk", JSON.stringify(jwk));
writeFileSync("written", written);
NODE
venv/bin/python -W ignore - <<'PYTHON'
import json

import cbor2
from cwt import COSEKey

right = COSEKey.from_jwk(json.load(open("jwk"))).to_dict()
assert right[1] == 3 and len(right[-1]) == 256 and right[-2] == b"\1\0\1"
right = cbor2.dumps({label: right[label] for label in (1, 3, -1, -2)})
COSEKey.from_bytes(right)
open("right", "wb").write(right)
try:
    COSEKey.from_bytes(open("written", "rb").read())
    raise SystemExit(1)
except (TypeError, ValueError) as error:
    print("cwt:", error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { COSEKeyToJWK, importCOSEKey } from "cose-kit";

const right = readFileSync("right");
const read = COSEKeyToJWK(right);
console.log(read);
assert.deepEqual(JSON.parse(JSON.stringify(read)), { alg: "RS256" });
await assert.rejects(importCOSEKey(right), (error) => (console.log("importCOSEKey:", error.message), /kty/.test(error.message)));
NODE
