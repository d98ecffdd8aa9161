#!/bin/sh
# ruby-jwt 2.5.0 (Debian 12) writes a secret into a JWK as it is, and signs with the text of `k`.
#
# RFC 7518 section 6.4.1 wants the base64url of its bytes there. Text of other characters makes a JWK
# that no library reads; text of letters and digits makes one that reads as other, fewer bytes, and
# every signature is bad without a word of why. joserfc 1.8.0 and PyJWT 2.13.0 read it so. The same
# happens the other way round: a correct JWK that ruby-jwt imports signs with the text of `k`.
#
# Seen on 2026-11-27: of the secret "a-string-secret-of-at-least-256-bits-long-00" ruby-jwt exported
# {"kty":"oct","k":"a-string-secret-of-at-least-256-bits-long-00"}, 33 bytes to others; its token was
# refused under that JWK and good under the 44 bytes of the text.
#
# Needs Debian 12 with ruby and apt, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq ruby-jwt=2.5.0-1+deb12u1 2> /dev/null
dpkg -x ruby-jwt_*.deb .
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.13.0 joserfc==1.8.0
cat > sign.rb <<'RUBY'
require "json"
require "jwt"
secret = "a-string-secret-of-at-least-256-bits-long-00"
key = JWT::JWK.new(secret)
puts key.export(include_private: true).to_json
puts JWT.encode({ sub: "alice" }, key.keypair, "HS256")
right = { kty: "oct", k: ["0123456789abcdef0123456789abcdef"].pack("m0").tr("+/", "-_").delete("=") }
puts right[:k]
puts JWT.encode({ sub: "alice" }, JWT::JWK.import(right).keypair, "HS256")
RUBY
ruby -I usr/share/rubygems-integration/all/gems/jwt-2.5.0/lib sign.rb > made
venv/bin/python - <<'PYTHON'
import json
import sys

import jwt
from joserfc.jwk import OctKey

SECRET = "a-string-secret-of-at-least-256-bits-long-00"
written, token, right, other = open("made").read().split("\n")[:4]


def is_good(token, key):
    try:
        return jwt.decode(token, key, ["HS256"]) == {"sub": "alice"}
    except jwt.InvalidSignatureError:
        return False


jwk = json.loads(written)
read = OctKey.import_key({"kty": "oct", "k": jwk["k"]}).raw_value
holds = [
    jwk["k"] == SECRET,
    len(read) == 33 and read == jwt.PyJWK({"kty": "oct", "k": jwk["k"], "alg": "HS256"}).key,
    not is_good(token, read) and is_good(token, SECRET),
    not is_good(other, b"0123456789abcdef" * 2) and is_good(other, right),
]
print(*holds)
sys.exit(not all(holds))
PYTHON
