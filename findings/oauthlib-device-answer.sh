#!/bin/sh
# oauthlib 4.0.1 (Python) answers a device authorization request with a dictionary and without a header, and with a code of 30 letters.
#
# RFC 8628 section 3.2 has JSON with `Content-Type` and `Cache-Control: no-store`. Each other endpoint of the library returns
# headers, a text of JSON and a status; this one an empty set of headers and a dict. Werkzeug 3.1.9, the base of Flask, given
# the three as for a token, sends the names of the members in a row as text/plain, with status 200. The user code has 30
# letters of both cases and digits, to be typed at another device, where section 6.1 advises few and one case;
# `user_code_generator` sets another. `interval` is left out unless given, which is right: clients then wait 5 seconds.
#
# Seen on 2026-11-28: verification_uriexpires_inuser_codedevice_code from the one, JSON with two headers from the other.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check oauthlib==4.0.1 werkzeug==3.1.9
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json

from oauthlib.oauth2 import BackendApplicationServer, RequestValidator
from oauthlib.oauth2.rfc8628.endpoints.device_authorization import DeviceAuthorizationEndpoint
from werkzeug.wrappers import Response


class Client:
    client_id = "app"


class Validator(RequestValidator):
    def authenticate_client(self, request, *rest, **named):
        request.client = Client()
        return True

    def authenticate_client_id(self, client_id, request, *rest, **named):
        return self.authenticate_client(request)

    def client_authentication_required(self, *rest, **named):
        return False

    def get_default_scopes(self, *rest, **named):
        return []

    def save_bearer_token(self, *rest, **named):
        pass

    def validate_client_id(self, *rest, **named):
        return True

    validate_grant_type = validate_scopes = validate_client_id


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
server = "https://as.example"


def respond(headers, body, status):
    return Response(body, status, headers)


token = BackendApplicationServer(Validator()).create_token_response(f"{server}/token", "POST", "grant_type=client_credentials", FORM)
response = respond(*token)
print(response.content_type, response.get_data(as_text=True))
assert isinstance(token[1], str) and json.loads(response.get_data())["token_type"] == "Bearer"
assert response.headers["Cache-Control"] == "no-store"

endpoint = DeviceAuthorizationEndpoint(Validator(), f"{server}/device")
device = endpoint.create_device_authorization_response(f"{server}/device_authorization", "POST", "client_id=app", FORM)
print(device)
assert device[0] == {} and isinstance(device[1], dict) and "interval" not in device[1]
assert len(device[1]["user_code"]) == 30 and device[1]["user_code"].isalnum()
response = respond(*device)
print(response.status, response.content_type, response.get_data(as_text=True))
assert response.status_code == 200 and response.mimetype == "text/plain"
assert response.get_data(as_text=True) == "".join(device[1]).strip()
PYTHON
