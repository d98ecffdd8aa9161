#!/bin/sh
# google-auth 2.63.0 (Python) takes an `expireTime` with a fraction of a second for no answer at all.
#
# `generateAccessToken` answers with a Timestamp, which protobuf's JSON mapping writes with 0, 3, 6 or 9 digits of a
# fraction. `google.auth.impersonated_credentials`, and with it workload identity federation through a service account,
# reads it by one pattern that knows whole seconds alone, and says "No access token or invalid expiration in response",
# though the access token is there. What answers in the place of that API has to leave the fraction out.
#
# Seen on 2026-11-27: with `2030-01-01T00:00:00Z` a token, with `2030-01-01T00:00:00.250Z` a RefreshError.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google-auth==2.63.0 requests==2.34.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.auth import impersonated_credentials
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials


class Api(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"accessToken": "a-token", "expireTime": self.server.expires}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


api = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=api.serve_forever, daemon=True).start()


def asked(expires):
    api.expires = expires
    credentials = impersonated_credentials.Credentials(
        source_credentials=Credentials("another-token"),
        target_principal="robot@project.example",
        target_scopes=["https://www.example/scope"],
        iam_endpoint_override=f"http://127.0.0.1:{api.server_port}/",
    )
    try:
        credentials.refresh(Request())
        return credentials.token
    except RefreshError as error:
        return str(error)


for expires in ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00.250Z"):
    print(expires, asked(expires)[:90])
assert asked("2030-01-01T00:00:00Z") == "a-token"
assert "No access token or invalid expiration" in asked("2030-01-01T00:00:00.250Z")
PYTHON
