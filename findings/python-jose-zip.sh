#!/bin/sh
# python-jose 3.5.0 and cryptojwt 1.11.0 write `"zip":"DEF"` for zlib's format, six bytes more than the DEFLATE that it means.
#
# RFC 7516 section 4.1.3 defines DEF as DEFLATE, the bytes of RFC 1951 alone. Both libraries add the header and the
# checksum of RFC 1950 (`zlib.compress`), and jose 6.2.18 (npm) and jwcrypto 1.6.1 cannot decompress what they could
# decrypt. The other way round python-jose has an "incorrect header check" for the tokens of those two. joserfc 1.8.0
# writes what the RFC says and reads both. After decryption a first byte of 78 (hexadecimal) tells.
#
# Seen on 2026-11-28: 78 9c from both writers; refusals as said; without `zip` all of them read each other.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-jose==3.5.0 cryptography==50.0.2 cryptojwt==1.11.0 \
    jwcrypto==1.6.1 joserfc==1.8.0
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - <<'PYTHON'
import json
import zlib

from cryptojwt.jwe.jwe import JWE
from cryptojwt.jwk.jwk import key_from_jwk_dict
from jose import jwe as python_jose
from joserfc import jwe as joserfc
from joserfc.jwk import RSAKey
from jwcrypto.jwe import InvalidJWEData
from jwcrypto.jwe import JWE as Jwcrypto
from jwcrypto.jwk import JWK

TEXT = b'{"sub":"alice"}'
HEADER = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"}
key = JWK.generate(kty="RSA", size=2048)
PUBLIC, PEM = key.export_public(as_dict=True), key.export_to_pem(True, None)


def by_joserfc(token):
    return joserfc.decrypt_compact(token, RSAKey.import_key(PEM), algorithms=[*HEADER.values(), "DEF"]).plaintext


def by_jwcrypto(token):
    read = Jwcrypto()
    read.deserialize(token, key)
    return read.payload


def refuses(error, read, *rest):
    try:
        read(*rest)
        raise SystemExit(1)
    except error as refusal:
        print(f"{read.__name__}: {refusal}")


tokens = {
    "python-jose": python_jose.encrypt(TEXT, PUBLIC, HEADER["enc"], HEADER["alg"], zip="DEF").decode(),
    "cryptojwt": JWE(TEXT, **HEADER, zip="DEF").encrypt([key_from_jwk_dict(dict(PUBLIC))]),
}
assert by_jwcrypto(python_jose.encrypt(TEXT, PUBLIC, HEADER["enc"], HEADER["alg"]).decode()) == TEXT
for token in tokens.values():
    assert by_joserfc(token) == TEXT
    refuses(InvalidJWEData, by_jwcrypto, token)
written = Jwcrypto(TEXT, json.dumps({**HEADER, "zip": "DEF"}))
written.add_recipient(key)
right = written.serialize(True)
assert by_joserfc(right) == TEXT
refuses(zlib.error, python_jose.decrypt, right, key.export_private(as_dict=True))
open("made", "w").write(json.dumps({**tokens, "right": right, "pem": key.export_to_pem(True, None).decode()}))
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { compactDecrypt } from "jose";

const made = JSON.parse(readFileSync("made"));
const key = createPrivateKey(made.pem);
assert.equal(Buffer.from((await compactDecrypt(made.right, key)).plaintext).toString(), '{"sub":"alice"}');
for (const name of ["python-jose", "cryptojwt"]) {
  await assert.rejects(compactDecrypt(made[name], key), (error) => (console.log(`jose: ${error.message}`), true));
  const [, wrapped, iv, text] = made[name].split(".").map((segment) => Buffer.from(segment, "base64url"));
  const content = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, wrapped);
  const cipher = createDecipheriv("aes-128-cbc", content.subarray(16), iv);
  const compressed = Buffer.concat([cipher.update(text), cipher.final()]);
  console.log(`${name}: ${compressed.toString("hex")}`);
  assert.equal(compressed.subarray(0, 2).toString("hex"), "789c");
}
NODE
