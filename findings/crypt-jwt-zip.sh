#!/bin/sh
# Crypt::JWT 0.034 (Perl, Debian 12) compresses signed tokens too, where `zip` means nothing to other libraries.
#
# `zip` is a header of encryption: RFC 7516 section 4.1.3 defines it, RFC 7515 does not, and so a reader of signed
# tokens has to leave it unread (RFC 7515 section 4). The signature over the compressed bytes is good, and what it
# covers is no JSON: PyJWT 2.15.1 speaks of bytes that are no UTF-8, jose 6.2.18 (npm) of claims that are no object,
# and neither of compression. Inflated raw (RFC 1951), the claims are there.
#
# Seen on 2026-11-27: header {"zip":"DEF","alg":"HS256"}; a good signature; two errors that do not name the cause.
#
# Needs Debian 12 with perl and apt, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libcrypt-jwt-perl=0.034-1 libcryptx-perl=0.077-1+b1 libjson-perl 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
perl -I usr/share/perl5 -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MCrypt::JWT=encode_jwt -e '
    print encode_jwt(payload => { sub => "alice" }, alg => "HS256", key => "0123456789abcdef" x 2, zip => "deflate")' > token
venv/bin/python -W ignore - <<'PYTHON'
import json
import zlib

import jwt

SECRET = "0123456789abcdef" * 2
token = open("token").read()
header = jwt.get_unverified_header(token)
print(header)
assert header == {"alg": "HS256", "zip": "DEF"}
payload = jwt.PyJWS().decode(token, SECRET, ["HS256"])
assert json.loads(zlib.decompress(payload, -15)) == {"sub": "alice"}
try:
    jwt.decode(token, SECRET, ["HS256"])
    raise SystemExit(1)
except jwt.DecodeError as error:
    print("PyJWT:", error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { compactVerify, jwtVerify } from "jose";

const token = readFileSync("token", "utf8");
const secret = Buffer.from("0123456789abcdef".repeat(2));
await compactVerify(token, secret);
await assert.rejects(jwtVerify(token, secret), (error) => (console.log("jose:", error.message), true));
NODE
