#!/bin/sh
# cryptojwt 1.11.0 (Python) derives the key of ECDH-ES+A128KW under the name A128KW, and opens nobody's tokens but its own.
#
# RFC 7518 section 4.6.2 puts the value of `alg` into the derivation (AlgorithmID), which is "ECDH-ES+A128KW" here; the
# library puts the part behind the plus. The header is right and both keys are, yet jose 6.2.18 (npm), jwcrypto 1.6.1 and
# joserfc 1.8.0 cannot unwrap the content key, and cryptojwt cannot unwrap theirs: InvalidUnwrap, as for a wrong key. With
# plain ECDH-ES, where the name is that of `enc`, they read it. It is the same with keys of 192 and 256 bits.
#
# Seen on 2026-11-28: unwrapped by hand with "A128KW" in the derivation, and not with "ECDH-ES+A128KW".
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptojwt==1.11.0 jwcrypto==1.6.1 joserfc==1.8.0 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - <<'PYTHON'
import base64
import json

from cryptography.hazmat.primitives.asymmetric.ec import ECDH
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from cryptojwt.jwe.jwe import JWE, factory
from cryptojwt.jwk.jwk import key_from_jwk_dict
from joserfc import jwe as joserfc
from joserfc.errors import DecodeError
from joserfc.jwk import ECKey
from jwcrypto.jwe import InvalidJWEData
from jwcrypto.jwe import JWE as Jwcrypto
from jwcrypto.jwk import JWK

TEXT = b'{"sub":"alice"}'
ENC = "A128CBC-HS256"
KEY = json.loads(JWK.generate(kty="EC", crv="P-256").export())


def encrypt(alg):
    return JWE(TEXT, alg=alg, enc=ENC).encrypt([key_from_jwk_dict(dict(KEY))])


def by_cryptojwt(token):
    return factory(token, alg=None, enc=ENC).decrypt(token, keys=[key_from_jwk_dict(dict(KEY))])


def by_jwcrypto(token):
    read = Jwcrypto()
    read.deserialize(token, JWK(**KEY))
    return read.payload


def by_joserfc(token, alg):
    return joserfc.decrypt_compact(token, ECKey.import_key(KEY), algorithms=[alg, ENC]).plaintext


def refuses(error, read, *rest):
    try:
        read(*rest)
        raise SystemExit(1)
    except error as refusal:
        print(f"{read.__name__}: {type(refusal).__name__} {refusal}")


def decoded(segment):
    return base64.urlsafe_b64decode(segment + "==")


def by_hand(token, name):
    header, wrapped = (decoded(segment) for segment in token.split(".")[:2])
    header = json.loads(header)
    secret = ECKey.import_key(KEY).private_key.exchange(ECDH(), ECKey.import_key(header["epk"]).public_key)
    parts = (name.encode(), decoded(header["apu"]), decoded(header["apv"]))
    info = b"".join(len(part).to_bytes(4, "big") + part for part in parts) + (128).to_bytes(4, "big")
    return aes_key_unwrap(ConcatKDFHash(SHA256(), 16, info).derive(secret), wrapped)


direct = encrypt("ECDH-ES")
assert by_jwcrypto(direct) == by_joserfc(direct, "ECDH-ES") == TEXT
token = encrypt("ECDH-ES+A128KW")
assert by_cryptojwt(token) == TEXT
refuses(InvalidJWEData, by_jwcrypto, token)
refuses(DecodeError, by_joserfc, token, "ECDH-ES+A128KW")
assert len(by_hand(token, "A128KW")) == 32
refuses(InvalidUnwrap, by_hand, token, "ECDH-ES+A128KW")
for alg in ("ECDH-ES+A192KW", "ECDH-ES+A256KW"):
    refuses(InvalidJWEData, by_jwcrypto, encrypt(alg))
other = joserfc.encrypt_compact({"alg": "ECDH-ES+A128KW", "enc": ENC}, TEXT, ECKey.import_key(KEY))
assert by_jwcrypto(other) == TEXT
refuses(InvalidUnwrap, by_cryptojwt, other)
json.dump({"key": KEY, "direct": direct, "token": token}, open("made", "w"))
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { compactDecrypt, importJWK } from "jose";

const made = JSON.parse(readFileSync("made"));
await compactDecrypt(made.direct, await importJWK(made.key, "ECDH-ES"));
const key = await importJWK(made.key, "ECDH-ES+A128KW");
await assert.rejects(compactDecrypt(made.token, key), (error) => (console.log("jose:", error.message), true));
NODE
