#!/bin/sh
# idpyoidc 5.0.0 (Python) answers client_credentials with a `token_type` of "access_token", and a `scope` that is an array.
#
# RFC 6749 section 5.1 has Bearer there, or another registered type, and section 7.1 forbids a client to use a token whose
# type it does not know; `scope` is one string with spaces (section 3.3). The same server answers a code with Bearer. A
# client that keeps to the RFC gets a good token from it and has to leave it.
#
# Seen on 2026-11-28: token_type 'access_token' scope ['read'].
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check idpyoidc==5.0.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import base64
import logging
import tempfile

from idpyoidc.server import Server
from idpyoidc.server.client_authn import verify_client
from idpyoidc.server.configure import ASConfiguration

logging.disable()
keys = {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]}
crypt = {"kwargs": {"keys": keys, "iterations": 1}}
jwt = "idpyoidc.server.token.jwt_token.JWTToken"
rules = {"supports_minting": ["access_token"], "expires_in": 600}
server = Server(
    ASConfiguration(
        conf={
            "issuer": "https://as.example",
            "keys": {"uri_path": "jwks.json", "key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}]},
            "endpoint": {
                "token": {
                    "path": "token",
                    "class": "idpyoidc.server.oauth2.token.Token",
                    "kwargs": {
                        "client_authn_method": ["client_secret_basic"],
                        "grant_types_helpers": {
                            "client_credentials": {"class": "idpyoidc.server.oauth2.token_helper.client_credentials.ClientCredentials"}
                        },
                    },
                },
            },
            "client_authn": verify_client,
            "authz": {
                "class": "idpyoidc.server.authz.AuthzHandling",
                "kwargs": {"grant_config": {"usage_rules": {"client_credentials": rules, "access_token": rules}, "expires_in": 600}},
            },
            "token_handler_args": {"token": {"class": jwt, "kwargs": {"lifetime": 600, "aud": ["https://api.example"]}}},
            "session_params": {"encrypter": crypt},
        }
    ),
    cwd=tempfile.mkdtemp(),
)
server.context.cdb["robot"] = {
    "client_secret": "known-to-this-script-alone",
    "client_salt": "salted",
    "token_endpoint_auth_method": "client_secret_basic",
    "grant_types_supported": ["client_credentials"],
    "allowed_scopes": ["read"],
}
endpoint = server.get_endpoint("token")
basic = base64.b64encode(b"robot:known-to-this-script-alone").decode()
http = {"headers": {"authorization": f"Basic {basic}"}}
asked = endpoint.parse_request({"grant_type": "client_credentials", "scope": "read"}, http_info=http)
answer = dict(endpoint.process_request(asked)["response_args"])
print("token_type", repr(answer["token_type"]), "scope", repr(answer["scope"]))
assert "access_token" in answer
assert answer["token_type"] == "access_token"
assert answer["scope"] == ["read"]
PYTHON
