#!/bin/sh
# Crypt::JWT 0.034 (Perl, Debian 12) writes the ephemeral key of ECDH-ES as a string of JSON into the header, not as a JWK.
#
# RFC 7518 section 4.6.1.1 has `epk` as a JSON object. Here it is {"epk":"{\"kty\":\"EC\",…}"}, which Crypt::JWT itself
# reads back. jose 6.2.18 (npm) and joserfc 1.8.0 name the header when they refuse it; jwcrypto 1.6.1 speaks of the key,
# and Authlib 1.9.10 of a PEM file that it is unable to load. All else is right, at least for ECDH-ES+A128KW: with the
# string read as JSON the content key can be unwrapped by hand, and Crypt::JWT opens the tokens of others.
#
# Seen on 2026-11-28: a string in `epk`, and four refusals.
#
# Needs Debian 12 with perl and apt, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libcrypt-jwt-perl=0.034-1 libcryptx-perl=0.077-1+b1 libjson-perl 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jwcrypto==1.6.1 joserfc==1.8.0 authlib==1.9.10 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
cat > perl.sh <<'SH'
exec perl -I usr/share/perl5 -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MCrypt::JWT=encode_jwt,decode_jwt -MJSON -e "$1"
SH
venv/bin/python -W ignore - <<'PYTHON'
from jwcrypto.jwk import JWK

open("key", "w").write(JWK.generate(kty="EC", crv="P-256").export())
PYTHON
sh perl.sh 'open my $file, "<", "key"; my $key = decode_json(<$file>); delete $key->{d};
    print encode_jwt(payload => { sub => "alice" }, alg => "ECDH-ES+A128KW", enc => "A128CBC-HS256", key => $key)' > token
venv/bin/python -W ignore - <<'PYTHON'
import base64
import json

from authlib.jose import JsonWebEncryption, JsonWebKey
from cryptography.hazmat.primitives.asymmetric.ec import ECDH
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from joserfc import jwe as joserfc
from joserfc.errors import InvalidHeaderValueError
from joserfc.jwk import ECKey
from jwcrypto.jwe import JWE, InvalidJWEData
from jwcrypto.jwk import JWK

KEY, TOKEN = json.load(open("key")), open("token").read()
ALGORITHMS = ["ECDH-ES+A128KW", "A128CBC-HS256"]


def by_jwcrypto(token):
    read = JWE()
    read.deserialize(token, JWK(**KEY))


readers = {
    "jwcrypto": (by_jwcrypto, InvalidJWEData),
    "joserfc": (
        lambda token: joserfc.decrypt_compact(token, ECKey.import_key(KEY), algorithms=ALGORITHMS),
        InvalidHeaderValueError,
    ),
    "Authlib": (lambda token: JsonWebEncryption().deserialize_compact(token, JsonWebKey.import_key(KEY)), ValueError),
}
segments = [base64.urlsafe_b64decode(segment + "==") for segment in TOKEN.split(".")]
header = json.loads(segments[0])
print(header)
assert isinstance(header["epk"], str)
for name, (read, kind) in readers.items():
    try:
        read(TOKEN)
        raise SystemExit(1)
    except kind as error:
        print(f"{name}: {kind.__name__} {error}")
key, ephemeral = (ECKey.import_key(jwk) for jwk in (KEY, json.loads(header["epk"])))
secret = key.private_key.exchange(ECDH(), ephemeral.public_key)
info = (14).to_bytes(4, "big") + b"ECDH-ES+A128KW" + bytes(8) + (128).to_bytes(4, "big")
assert len(aes_key_unwrap(ConcatKDFHash(SHA256(), 16, info).derive(secret), segments[1])) == 32
usual = joserfc.encrypt_compact(dict(zip(("alg", "enc"), ALGORITHMS)), b'{"sub":"alice"}', ECKey.import_key(KEY))
open("usual", "w").write(usual)
PYTHON
sh perl.sh 'open my $file, "<", "key"; my $key = decode_json(<$file>); open $file, "<", "usual";
    print decode_jwt(token => scalar <$file>, key => $key)->{sub}, "\n"' | grep -qx alice
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { compactDecrypt, importJWK } from "jose";

const key = await importJWK(JSON.parse(readFileSync("key")), "ECDH-ES+A128KW");
assert.equal(Buffer.from((await compactDecrypt(readFileSync("usual", "utf8"), key)).plaintext).toString(), '{"sub":"alice"}');
await assert.rejects(compactDecrypt(readFileSync("token", "utf8"), key),
  (error) => (console.log("jose:", error.message), /epk/.test(error.message)));
NODE
