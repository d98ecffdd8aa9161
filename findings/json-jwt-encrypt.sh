#!/bin/sh
# json-jwt 1.14.0 (Ruby, Debian 12) does not encrypt the claims of a JWT, but an unsigned token of them, and does not say so.
#
# `JSON::JWT.new(claims).encrypt(key)` puts header, claims and an empty signature (`alg` none) into the JWE, where RFC 7519
# section 7.1 has the claims themselves; section 5.2 wants `"cty":"JWT"` over a token within a token, and there is none. A
# reader decrypts it and finds no JSON: so say jose 6.2.18 (npm), joserfc 1.8.0 and jwcrypto 1.6.1. The algorithm, unless
# another is named, is RSA1_5, which RFC 8725 section 3.2 advises against, and RSA-OAEP-256 is not known. `JSON::JWE.new` of
# the claims as JSON makes what others read.
#
# Seen on 2026-11-28: header {"alg":"RSA-OAEP","enc":"A128GCM"} over "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.…."; three refusals.
#
# Needs Debian 12 with ruby and apt, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq ruby-json-jwt=1.14.0-2 ruby-activesupport ruby-concurrent ruby-i18n ruby-tzinfo ruby-zeitwerk \
    ruby-bindata ruby-aes-key-wrap 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check joserfc==1.8.0 jwcrypto==1.6.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem 2> /dev/null
cat > encrypt.rb <<'RUBY'
require "json/jwt"
claims = { sub: "alice" }
key = OpenSSL::PKey::RSA.new(File.read("key.pem")).public_key
File.write("usual", JSON::JWT.new(claims).encrypt(key))
File.write("token", JSON::JWT.new(claims).encrypt(key, :"RSA-OAEP", :A128GCM))
right = JSON::JWE.new(claims.to_json)
right.alg = :"RSA-OAEP"
right.enc = :A128GCM
File.write("right", right.encrypt!(key))
begin
  JSON::JWT.new(claims).encrypt(key, :"RSA-OAEP-256", :A128GCM).to_s
  exit 1
rescue JSON::JWE::UnexpectedAlgorithm => error
  puts "RSA-OAEP-256: #{error.message}"
end
RUBY
gems=usr/share/rubygems-integration/all/gems
for library in "$gems"/*/lib "$gems"/concurrent-ruby-*/lib/concurrent-ruby usr/lib/ruby/vendor_ruby; do
    libraries="${libraries-} -I $library"
done
# shellcheck disable=SC2086
ruby -W0 $libraries encrypt.rb
venv/bin/python -W ignore - <<'PYTHON'
import base64
import json

from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import RSAKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

PEM = open("key.pem", "rb").read()
REGISTRY = JWERegistry(algorithms=["RSA-OAEP", "A128GCM"])


def header(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))


usual, token, right = (open(name).read() for name in ("usual", "token", "right"))
print(header(usual), header(token))
assert header(usual) == {"alg": "RSA1_5", "enc": "A128CBC-HS256"}
assert header(token) == header(right) == {"alg": "RSA-OAEP", "enc": "A128GCM"}
opened = JWE()
opened.deserialize(token, JWK.from_pem(PEM))
inside = opened.payload.decode()
print(inside)
assert header(inside) == {"typ": "JWT", "alg": "none"} and inside.endswith(".")
assert joserfc.decode(right, RSAKey.import_key(PEM), registry=REGISTRY).claims == {"sub": "alice"}
try:
    joserfc.decode(token, RSAKey.import_key(PEM), registry=REGISTRY)
    raise SystemExit(1)
except (JoseError, ValueError) as error:
    print("joserfc:", error)
assert json.loads(JWT(jwt=right, key=JWK.from_pem(PEM), expected_type="JWE").claims) == {"sub": "alice"}
try:
    json.loads(JWT(jwt=token, key=JWK.from_pem(PEM), expected_type="JWE").claims)
    raise SystemExit(1)
except ValueError as error:
    print("jwcrypto:", error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { jwtDecrypt } from "jose";

const key = createPrivateKey(readFileSync("key.pem"));
assert.equal((await jwtDecrypt(readFileSync("right", "utf8"), key)).payload.sub, "alice");
await assert.rejects(jwtDecrypt(readFileSync("token", "utf8"), key), (error) => (console.log("jose:", error.message), true));
NODE
