#!/bin/sh
# requests-oauth2client 1.8.0 (Python) takes every endpoint from a server's metadata, except that of the device flow.
#
# RFC 8628 section 4 puts `device_authorization_endpoint` into the metadata of RFC 8414. `from_discovery_document`
# leaves it out, although the client has the grant and an argument of that name, and `authorize_device()` then says
# that the client lacks the address that the document names. Given by hand it works.
#
# Seen on 2026-11-27: six other endpoints of the same document arrive, this one is None.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check requests-oauth2client==1.8.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from requests_oauth2client import OAuth2Client

ISSUER = "https://as.example"
OTHERS = ["token", "authorization", "revocation", "introspection", "userinfo", "pushed_authorization_request"]
NAMES = [*OTHERS, "device_authorization"]
document = {"issuer": ISSUER, "jwks_uri": ISSUER + "/jwks", "registration_endpoint": ISSUER + "/register"}
document.update({f"{name}_endpoint": f"{ISSUER}/{name}" for name in NAMES})
client = OAuth2Client.from_discovery_document(document, client_id="app", fetch_jwks=False)
arrived = {name: getattr(client, f"{name}_endpoint") for name in NAMES}
print(arrived)
assert [name for name, value in arrived.items() if value is None] == ["device_authorization"]
try:
    client.authorize_device()
    raise SystemExit(1)
except Exception as error:
    print(f"{type(error).__name__}: {error}")
named = {name: document[name] for name in ("token_endpoint", "device_authorization_endpoint")}
assert OAuth2Client(**named, client_id="app").device_authorization_endpoint
PYTHON
