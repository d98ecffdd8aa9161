#!/bin/sh
# fastmcp 4.2.3 (Python) names the authorization server with a slash, and the client of mcp 2.3.0, which it rests on, then refuses that server.
#
# RFC 8414 section 3.3 has the `issuer` of the metadata identical to the one that was asked for, and RFC 9728 section 2 has such
# issuers in `authorization_servers`. `RemoteAuthProvider` takes them as `AnyHttpUrl`, a type of pydantic that turns
# https://as.example into https://as.example/, and publishes that; the server itself says https://as.example, and the client
# stops: "issuer mismatch". Given as plain text, against the annotation, they stay as they are. `OAuthProvider` does it to its
# own issuer, also if it is text; AuthSettings of mcp leaves both alone.
#
# Seen on 2026-11-28: "authorization_servers":["https://as.example/"], and "issuer mismatch: https://as.example != https://as.example/".
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastmcp==4.2.3 mcp==2.3.0
HOME=$folder "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
from typing import get_type_hints

from fastmcp.server.auth import RemoteAuthProvider
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider
from fastmcp.server.auth.providers.jwt import JWTVerifier
from mcp.client.auth import OAuthFlowError
from mcp.client.auth.utils import validate_metadata_issuer
from mcp.server.auth.settings import AuthSettings
from mcp.shared.auth import OAuthMetadata, ProtectedResourceMetadata
from pydantic import AnyHttpUrl
from starlette.applications import Starlette
from starlette.testclient import TestClient

ISSUER, API = "https://as.example", "https://api.example"
METADATA = OAuthMetadata.model_validate_json(json.dumps({
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
    "response_types_supported": ["code"]}))


def get(provider, path):
    return TestClient(Starlette(routes=provider.get_routes(mcp_path="/mcp"))).get(f"/.well-known/{path}").text


def named(server):
    """The authorization server that the client of mcp reads from what fastmcp publishes."""
    verifier = JWTVerifier(jwks_uri=f"{ISSUER}/jwks", issuer=ISSUER, audience=f"{API}/mcp")
    provider = RemoteAuthProvider(token_verifier=verifier, authorization_servers=[server], base_url=API)
    published = get(provider, "oauth-protected-resource/mcp")
    print(published)
    return str(ProtectedResourceMetadata.model_validate_json(published).authorization_servers[0])


assert get_type_hints(RemoteAuthProvider.__init__)["authorization_servers"] == list[AnyHttpUrl]
assert named(AnyHttpUrl(ISSUER)) == f"{ISSUER}/"
try:
    validate_metadata_issuer(METADATA, named(AnyHttpUrl(ISSUER)))
    raise SystemExit(1)
except OAuthFlowError as error:
    print(error)
    assert "issuer mismatch: https://as.example != https://as.example/" in str(error)
validate_metadata_issuer(METADATA, named(ISSUER))
own = json.loads(get(InMemoryOAuthProvider(base_url=ISSUER), "oauth-authorization-server"))
print(own["issuer"])
assert own["issuer"] == f"{ISSUER}/"
assert str(AuthSettings(issuer_url=ISSUER, resource_server_url=API).issuer_url) == ISSUER
PYTHON
