"""An authorization server made of idpyoidc and Flask, with token exchange (RFC 8693): prints its issuer,
and serves until standard input ends. Whoever comes to it is alice. The second argument is the port to which
its clients come back."""

import logging
import sys
import tempfile
import threading

from flask import Flask, jsonify, redirect, request
from idpyoidc.server import Server
from idpyoidc.server.client_authn import verify_client
from idpyoidc.server.configure import ASConfiguration
from idpyoidc.server.cookie_handler import CookieHandler
from idpyoidc.server.user_authn.authn_context import INTERNETPROTOCOLPASSWORD
from idpyoidc.server.user_info import UserInfo
from werkzeug.serving import make_server

logging.disable()

RULE = {"supports_minting": ["access_token", "refresh_token"], "expires_in": 600}
SYMMETRIC = [{"type": "oct", "kid": use, "use": [use], "bytes": 32} for use in ("sig", "enc")]
NAMES = ("password", "salt")
KEYS = {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": name} for name in NAMES]}
CRYPT = {"kwargs": {"keys": KEYS, "iterations": 1}}
TOKEN = "idpyoidc.server.token.jwt_token.JWTToken"

app = Flask(__name__)
listener = make_server("127.0.0.1", 0, app, threaded=True)
ISSUER = f"http://127.0.0.1:{listener.server_port}"

server = Server(
    ASConfiguration(
        conf={
            "issuer": ISSUER,
            "preference": {"subject_types_supported": ["public"]},
            "cookie_handler": {"class": CookieHandler, "kwargs": {"keys": {"key_defs": SYMMETRIC}}},
            "keys": {
                "uri_path": "jwks.json",
                "key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}],
            },
            "endpoint": {
                "authorization": {
                    "path": "authorize",
                    "class": "idpyoidc.server.oauth2.authorization.Authorization",
                    "kwargs": {},
                },
                "token": {
                    "path": "token",
                    "class": "idpyoidc.server.oauth2.token.Token",
                    "kwargs": {"client_authn_method": ["client_secret_basic"]},
                },
            },
            "authentication": {
                "anon": {
                    "acr": INTERNETPROTOCOLPASSWORD,
                    "class": "idpyoidc.server.user_authn.user.NoAuthn",
                    "kwargs": {"user": "alice"},
                }
            },
            "add_on": {
                "pkce": {
                    "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True},
                }
            },
            "userinfo": {"class": UserInfo, "kwargs": {"db": {"alice": {}}}},
            "client_authn": verify_client,
            "authz": {
                "class": "idpyoidc.server.authz.AuthzHandling",
                "kwargs": {
                    "grant_config": {
                        "usage_rules": {
                            "authorization_code": {**RULE, "max_usage": 1},
                            "access_token": RULE,
                            "refresh_token": RULE,
                        },
                        "expires_in": 600,
                    }
                },
            },
            "token_handler_args": {
                "code": {"lifetime": 600, "kwargs": {"crypt_conf": CRYPT}},
                "token": {"class": TOKEN, "kwargs": {"lifetime": 600, "aud": [ISSUER]}},
                "refresh": {"class": TOKEN, "kwargs": {"lifetime": 600, "aud": [ISSUER]}},
            },
            "session_params": {"encrypter": CRYPT},
        }
    ),
    cwd=tempfile.mkdtemp(),
)
context = server.context
for name in ("frontend", "backend"):
    context.cdb[name] = {
        "client_secret": "known-to-this-test-alone",
        "redirect_uris": [(f"http://127.0.0.1:{sys.argv[2]}/callback", None)],
        "client_salt": "salted",
        "token_endpoint_auth_method": "client_secret_basic",
        "response_types": ["code"],
        "response_types_supported": ["code"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "allowed_scopes": ["read", "write"],
    }
authorization, token_endpoint = (server.get_endpoint(name) for name in ("authorization", "token"))


@app.get("/authorize")
def authorize():
    asked = authorization.parse_request(request.args.to_dict())
    answer = authorization.process_request(asked)
    return redirect(authorization.do_response(**answer)["response"])


@app.post("/token")
def token():
    http = {"headers": {name.lower(): value for name, value in request.headers.items()}}
    asked = token_endpoint.parse_request(request.form.to_dict(), http_info=http)
    answer = asked if "error" in asked else token_endpoint.process_request(asked)
    if "error" in answer:
        return jsonify(error=answer["error"], error_description=answer.get("error_description")), 400
    return jsonify(dict(answer["response_args"]))


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        response_types_supported=["code"],
        code_challenge_methods_supported=["S256"],
    )


print(ISSUER, flush=True)
threading.Thread(target=listener.serve_forever, daemon=True).start()
sys.stdin.read()
