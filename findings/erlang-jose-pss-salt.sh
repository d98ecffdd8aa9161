#!/bin/sh
# erlang-jose 1.11.5 signs PS256 with RSA keys by default, and with a salt as long as the key allows: 222 bytes.
#
# RFC 7518 section 3.5 wants a salt of as many bytes as the hash has, 32. A key of 2048 bits without an `alg`
# signs PS256 rather than the RS256 of other libraries, and PyJWT 2.15.1, joserfc 1.8.0 and jose 6.2.18 (npm)
# call the signature bad. cryptography 50.0.2, told the length of 222, takes it: signature and key are
# right. So the tokens of an Elixir service pass in its own tests and fail at their readers.
#
# Seen on 2026-11-27: `alg` PS256, salt of 222 bytes; with the header RS256 asked for, everybody agrees.
#
# Needs Debian 12 with apt, node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
erlang=1:25.2.3+dfsg-1+deb12u4
apt-get download -qq erlang-base=$erlang erlang-crypto=$erlang erlang-public-key=$erlang erlang-asn1=$erlang \
    erlang-syntax-tools=$erlang erlang-jose=1.11.5-1 erlang-jiffy 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 joserfc==1.8.0 cryptography==50.0.2
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
cat > made.erl <<'ERLANG'
-module(made).
-export([main/0]).

main() ->
    {ok, _} = application:ensure_all_started(jose),
    jose:json_module(jose_json_jiffy),
    Key = jose_jwk:generate_key({rsa, 2048}),
    Claims = #{<<"sub">> => <<"alice">>},
    {_, Token} = jose_jws:compact(jose_jwt:sign(Key, Claims)),
    {_, Asked} = jose_jws:compact(jose_jwt:sign(Key, #{<<"alg">> => <<"RS256">>}, Claims)),
    {_, Pem} = jose_jwk:to_pem(jose_jwk:to_public(Key)),
    [ok = file:write_file(Name, Text) || {Name, Text} <- [{"default", Token}, {"rs256", Asked}, {"key.pem", Pem}]],
    halt().
ERLANG
ROOTDIR=$folder/usr/lib/erlang
BINDIR=$(echo "$ROOTDIR"/erts-*/bin)
export ROOTDIR BINDIR EMU=beam PROGNAME=erl HOME="$folder"
"$BINDIR/erlexec" -noshell -eval '{ok, made} = compile:file("made.erl"), made:main().'
venv/bin/python -W ignore - <<'PYTHON'
import base64

import jwt
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jwt as joserfc
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey

pem = open("key.pem", "rb").read()
token, asked = open("default").read(), open("rs256").read()
assert jwt.get_unverified_header(token)["alg"] == "PS256"
try:
    jwt.decode(token, pem, ["PS256"])
    raise SystemExit(1)
except jwt.InvalidSignatureError as error:
    print("PyJWT:", error)
try:
    joserfc.decode(token, RSAKey.import_key(pem), ["PS256"])
    raise SystemExit(1)
except BadSignatureError as error:
    print("joserfc:", error)
assert jwt.decode(asked, pem, ["RS256"]) == {"sub": "alice"}
signed, signature = token.rsplit(".", 1)
signature = base64.urlsafe_b64decode(signature + "==")
pss = padding.PSS(padding.MGF1(SHA256()), 222)
load_pem_public_key(pem).verify(signature, signed.encode(), pss, SHA256())
print("cryptography: good with a salt of 222 bytes")
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { jwtVerify } from "jose";

const key = createPublicKey(readFileSync("key.pem"));
await assert.rejects(jwtVerify(readFileSync("default", "utf8"), key), { message: "signature verification failed" });
assert.equal((await jwtVerify(readFileSync("rs256", "utf8"), key)).payload.sub, "alice");
console.log("jose: signature verification failed");
NODE
