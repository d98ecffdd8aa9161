#!/bin/sh
# itsdangerous 2.0.1 (Python, the signer of Flask) puts `exp` and `iat` into the header of a JWS, where no JWT library looks.
#
# RFC 7519 section 4.1.4 has `exp` among the claims; section 5.3 lets the header repeat claims, not replace them.
# `TimedJSONWebSignatureSerializer`, for years the way to a token in Flask, signs HS512 and leaves the claims
# without times. PyJWT 2.15.1 reads a token that never expires, and refuses it where `exp` is required, as an API
# should. The other way round itsdangerous refuses a usual token: "Missing expiry date".
#
# Seen on 2026-11-27: {"alg":"HS512","iat":…,"exp":…} and claims of {"sub":"alice"}.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check itsdangerous==2.0.1 pyjwt==2.15.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import jwt
from itsdangerous import BadData, TimedJSONWebSignatureSerializer

SECRET = "0123456789abcdef" * 4
serializer = TimedJSONWebSignatureSerializer(SECRET, expires_in=600)
token = serializer.dumps({"sub": "alice"})
header = jwt.get_unverified_header(token)
print(header)
assert header["alg"] == "HS512" and header["exp"] - header["iat"] == 600
assert jwt.decode(token, SECRET, ["HS512"]) == {"sub": "alice"}
try:
    jwt.decode(token, SECRET, ["HS512"], options={"require": ["exp"]})
    raise SystemExit(1)
except jwt.MissingRequiredClaimError as error:
    print("PyJWT:", error)
usual = jwt.encode({"sub": "alice", "exp": header["exp"]}, SECRET, "HS512")
try:
    serializer.loads(usual)
    raise SystemExit(1)
except BadData as error:
    print("itsdangerous:", error)
PYTHON
