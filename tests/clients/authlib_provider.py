"""An authorization server made of Authlib and Flask, with every grant that Authlib has: prints its
issuer, and serves until standard input ends. The argument is the file of a JWK Set with the public key of
the issuer `partner`, whose assertions it takes."""

import os
import secrets
import sys
import threading
import time
from html import escape
from pathlib import Path

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc7523 import JWTBearerGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from authlib.oauth2.rfc8628.models import DeviceCredentialDict
from flask import Flask, jsonify, request
from joserfc.jwk import KeySet
from werkzeug.serving import make_server

KEYS = KeySet.import_key_set(__import__("json").loads(Path(sys.argv[1]).read_text()))
PASSWORDS = {"alice": "wonderland"}
codes, devices, tokens = {}, {}, []


class Client(ClientMixin):
    def __init__(self, name, secret=None):
        self.name, self.secret = name, secret

    def get_client_id(self):
        return self.name

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.startswith("http://127.0.0.1:") and redirect_uri.endswith("/callback")

    def check_client_secret(self, client_secret):
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method, endpoint):
        return (method == "none") == (self.secret is None)

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return True


class Code(AuthorizationCodeMixin):
    def __init__(self, asked, user):
        data = asked.payload.data
        self.redirect_uri, self.scope = asked.payload.redirect_uri, asked.payload.scope
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.user = user

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Token(TokenMixin):
    def __init__(self, answer, client, user):
        self.answer, self.client, self.user, self.is_used = answer, client, user, False

    def check_client(self, client):
        return client.name == self.client.name

    def get_scope(self):
        return self.answer.get("scope", "")

    def get_expires_in(self):
        return 600

    def is_expired(self):
        return False

    def is_revoked(self):
        return self.is_used

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


CLIENTS = {
    "cli": Client("cli"),
    "job": Client("job", "known to:this test alone"),
    "partner": Client("partner", "not used"),
}

app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {}
server = AuthorizationServer(
    app,
    query_client=CLIENTS.get,
    save_token=lambda token, asked: tokens.append(Token(token, asked.client, asked.user)),
)


class AuthorizationCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def save_authorization_code(self, code, asked):
        codes[code] = Code(asked, asked.user)

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, code):
        codes.pop(next(name for name, one in codes.items() if one is code))

    def authenticate_user(self, code):
        return code.user


class RefreshToken(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, text):
        found = (one for one in tokens if one.answer.get("refresh_token") == text and not one.is_used)
        return next(found, None)

    def authenticate_user(self, token):
        return token.user

    def revoke_old_credential(self, token):
        token.is_used = True


class Password(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def authenticate_user(self, username, password):
        return username if PASSWORDS.get(username) == password else None


class Assertion(JWTBearerGrant):
    def resolve_issuer_client(self, issuer):
        return CLIENTS.get(issuer)

    def resolve_client_public_key(self, client):
        return KEYS

    def authenticate_user(self, subject):
        return subject if subject in PASSWORDS else None

    def get_audiences(self):
        return [ISSUER]

    def has_granted_permission(self, client, user):
        return True


class DeviceCode(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def query_device_credential(self, device_code):
        return devices.get(device_code)

    def query_user_grant(self, user_code):
        user = next((one.get("user") for one in devices.values() if one["user_code"] == user_code), None)
        return (user, True) if user else None

    def should_slow_down(self, credential):
        return False


class DeviceAuthorization(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = ["none"]
    INTERVAL = 1

    def get_verification_uri(self):
        return f"{ISSUER}/device"

    def save_device_credential(self, client_id, scope, data):
        kept = {"client_id": client_id, "scope": scope, "expires_at": time.time() + 600, **data}
        devices[data["device_code"]] = DeviceCredentialDict(kept)


server.register_grant(AuthorizationCode, [CodeChallenge(required=True)])
for grant in (RefreshToken, Password, grants.ClientCredentialsGrant, Assertion, DeviceCode):
    server.register_grant(grant)
server.register_endpoint(DeviceAuthorization)

FIELDS = "<input name=name><input type=password name=password>"


def page(words, fields=""):
    kept = "".join(
        f'<input type=hidden name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.form.items()
    )
    return f"<h1>{words}</h1><form method=post>{kept}{fields}<button>Continue</button></form>"


def user():
    name = request.form.get("name")
    return name if name and PASSWORDS.get(name) == request.form.get("password") else None


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    if not user():
        return page("Who are you?", FIELDS)
    return server.create_authorization_response(grant_user=user())


@app.route("/device", methods=["GET", "POST"])
def device():
    entered = request.form.get("code")
    found = next((one for one in devices.values() if one["user_code"] == entered), None)
    if not found:
        return page("Which code?", "<input name=code>")
    if not user():
        return page("Who are you?", FIELDS)
    found["user"] = user()
    return "<p>Go back to the device."


@app.post("/device_authorization")
def device_authorization():
    return server.create_endpoint_response(DeviceAuthorization.ENDPOINT_NAME)


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    names = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
    names["device_authorization_endpoint"] = "device_authorization"
    return jsonify(
        issuer=ISSUER,
        response_types_supported=["code"],
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["none", "client_secret_basic"],
        **{name: f"{ISSUER}/{path}" for name, path in names.items()},
    )


listener = make_server("127.0.0.1", 0, app, threaded=True)
ISSUER = f"http://127.0.0.1:{listener.server_port}"
app.secret_key = secrets.token_hex()
print(ISSUER, flush=True)
threading.Thread(target=listener.serve_forever, daemon=True).start()
sys.stdin.read()
