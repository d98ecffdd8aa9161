#!/bin/sh
# google-auth 2.63.0 (Python) verifies no token with a JWK Set, and none without `iat`.
#
# `google.auth.jwt.decode` takes its keys as Google once published them: an object of `kid` and PEM. Given the JWK Set of
# RFC 7517 section 5, which Google publishes beside it, it says that the certificate for the `kid` is not found,
# although the key with that `kid` is there. RFC 7519 section 4.1.6 makes `iat` optional; here a token without it is
# malformed. joserfc 1.8.0 verifies the same tokens with the same set.
#
# Seen on 2026-11-27: "Certificate for key id 2026 not found." and "Token does not contain required claim iat".
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google-auth==2.63.0 joserfc==1.8.0 cryptography==50.0.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import time

from google.auth import jwt as google
from google.auth.exceptions import MalformedError
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

key = RSAKey.generate_key(2048, {"kid": "2026"}, auto_kid=False)
jwks = KeySet([key]).as_dict(private=False)
pems = {"2026": key.as_pem(private=False).decode()}
now = int(time.time())


def refused(token, keys):
    jwt.decode(token, KeySet.import_key_set(jwks))
    try:
        return google.decode(token, keys) and None
    except MalformedError as error:
        print(error)
        return str(error)


def token(**claims):
    return jwt.encode({"alg": "RS256", "kid": "2026"}, {"sub": "alice", "exp": now + 600, **claims}, key)


assert refused(token(iat=now), pems) is None
assert "Certificate for key id 2026 not found" in refused(token(iat=now), jwks)
assert "required claim iat" in refused(token(), pems)
PYTHON
