#!/bin/sh
# Authlib 1.9.10 has a module for the token exchange of RFC 8693, in which there is nothing.
#
# `authlib.oauth2.rfc8693` says in its documentation that it implements OAuth 2.0 Token Exchange, beside rfc7523 and
# rfc8628, which do have their grants. It exports no name: neither a client nor a server of a token exchange can be made
# with it. A client sends the parameters by `fetch_token` with a grant type that it spells itself.
#
# Seen on 2026-11-27: no public name in rfc8693; JWTBearerGrant in rfc7523, DeviceCodeGrant in rfc8628.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Authlib==1.9.10 cryptography==50.0.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from authlib.oauth2 import rfc7523, rfc8628, rfc8693

names = {module.__name__: [name for name in dir(module) if not name.startswith("_")] for module in (rfc7523, rfc8628, rfc8693)}
print(names)
assert "Token Exchange" in rfc8693.__doc__
assert names["authlib.oauth2.rfc8693"] == []
assert "JWTBearerGrant" in names["authlib.oauth2.rfc7523"]
assert any("Device" in name for name in names["authlib.oauth2.rfc8628"])
PYTHON
