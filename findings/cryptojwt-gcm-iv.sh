#!/bin/sh
# cryptojwt 1.11.0 (Python) encrypts with AES-GCM under an initialization vector of 16 bytes.
#
# RFC 7518 section 5.3 requires 12. Of the readers jose 6.2.18 and node-jose 2.2.0 (npm), joserfc 1.8.0, Authlib 1.9.10
# and jwskate 0.12.2 refuse the token, with a word about the vector's length; only jwcrypto 1.6.1 computes with what is
# there, and finds that tag and text are right. It is so under any key management, and a third segment of 22 characters
# instead of 16 tells. With A128CBC-HS256, whose vector has 16 bytes, all six open the token.
#
# Seen on 2026-11-28: five refusals of A128KW with A128GCM, and none of A128KW with A128CBC-HS256.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptojwt==1.11.0 jwcrypto==1.6.1 joserfc==1.8.0 authlib==1.9.10 \
    jwskate==0.12.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18 node-jose@2.2.0
venv/bin/python -W ignore - <<'PYTHON'
import json

from authlib.jose import JsonWebEncryption, JsonWebKey
from cryptojwt.jwe.jwe import JWE
from cryptojwt.jwk.hmac import SYMKey
from joserfc import jwe as joserfc
from joserfc.jwk import OctKey
from jwcrypto.jwe import JWE as Jwcrypto
from jwcrypto.jwk import JWK
from jwskate import JweCompact, Jwk

TEXT = b'{"sub":"alice"}'
KEY = {"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZg"}


def jwcrypto(token):
    read = Jwcrypto()
    read.deserialize(token, JWK(**KEY))
    return read.payload


readers = {
    "jwcrypto": jwcrypto,
    "joserfc": lambda token: joserfc.decrypt_compact(token, OctKey.import_key(KEY)).plaintext,
    "Authlib": lambda token: JsonWebEncryption().deserialize_compact(token, JsonWebKey.import_key(KEY))["payload"],
    "jwskate": lambda token: JweCompact(token).decrypt(Jwk(KEY)),
}
tokens = {enc: JWE(TEXT, alg="A128KW", enc=enc).encrypt([SYMKey(**KEY)]) for enc in ("A128GCM", "A128CBC-HS256")}
assert len(tokens["A128GCM"].split(".")[2]) == 22
for name, read in readers.items():
    assert read(tokens["A128CBC-HS256"]) == TEXT
    try:
        assert read(tokens["A128GCM"]) == TEXT
        assert name == "jwcrypto"
        print(f"{name}: reads it")
    except ValueError as error:
        assert name != "jwcrypto"
        print(f"{name}: {error}")
json.dump(tokens, open("tokens", "w"))
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { compactDecrypt } from "jose";
import nodeJose from "node-jose";

const tokens = JSON.parse(readFileSync("tokens"));
const secret = Buffer.from("0123456789abcdef");
const key = await nodeJose.JWK.asKey({ kty: "oct", k: secret.toString("base64url") });
const readers = {
  jose: async (token) => (await compactDecrypt(token, secret)).plaintext,
  "node-jose": async (token) => (await nodeJose.JWE.createDecrypt(key).decrypt(token)).plaintext,
};
for (const [name, read] of Object.entries(readers)) {
  assert.equal(Buffer.from(await read(tokens["A128CBC-HS256"])).toString(), '{"sub":"alice"}');
  await assert.rejects(read(tokens.A128GCM), (error) => (console.log(`${name}: ${error.message}`), true));
}
NODE
