#!/bin/sh
# The client of fastmcp 4.2.3 (Python) opens the browser before it listens for the answer, so who is logged in already may come too early.
#
# RFC 8252 section 7.3 has a native app receive the code at a port of the loopback interface. The client opens the browser, and
# starts the server for its `redirect_uri` when the browser's command has returned. An authorization server that asks nothing,
# because there is a session and consent was given, redirects at once to a closed port, and the client then waits for five
# minutes for a code that was refused a connection. With a browser in the terminal, whose command returns when the user leaves
# it (`BROWSER=w3m`), it is never heard. A user who types a password is slow enough.
#
# Seen on 2026-11-28: connection refused while the browser opens; the same address, asked later, takes the code and the token is there.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastmcp==4.2.3 mcp==2.3.0
HOME=$folder NO_PROXY=127.0.0.1 "$folder/venv/bin/python" -W ignore - 2> "$folder/log" <<'PYTHON' || { cat "$folder/log"; exit 1; }
import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from fastmcp import Client
from fastmcp.client.auth import OAuth

seen = []


class Server(BaseHTTPRequestHandler):
    def answer(self, status, value=None, **headers):
        body = json.dumps(value or {}).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(text))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path.startswith("/.well-known/oauth-protected-resource"):
            self.answer(200, {"resource": f"{ORIGIN}/mcp", "authorization_servers": [ORIGIN]})
        elif path == "/.well-known/oauth-authorization-server":
            self.answer(200, {
                "issuer": ORIGIN, "authorization_endpoint": f"{ORIGIN}/authorize", "token_endpoint": f"{ORIGIN}/token",
                "registration_endpoint": f"{ORIGIN}/register", "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"]})
        elif path == "/authorize":
            code = urlencode({"code": "code", "state": asked["state"][0]})
            self.answer(302, Location=f"{asked['redirect_uri'][0]}?{code}")
        else:
            self.answer(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/register":
            self.answer(201, {**json.loads(body), "client_id": "app"})
        elif self.path == "/token":
            self.answer(200, {"access_token": "token", "token_type": "Bearer", "expires_in": 3600})
        elif self.headers["Authorization"] == "Bearer token":
            seen.append("token")
            self.answer(500)
        else:
            metadata = f'Bearer resource_metadata="{ORIGIN}/.well-known/oauth-protected-resource/mcp"'
            self.answer(401, WWW_Authenticate=metadata)

    def log_message(self, *rest):
        pass


class Browser(webbrowser.BaseBrowser):
    """Follows the redirects of a server that has nothing to ask; then again, as a user who is slow."""

    def open(self, url, new=0, autoraise=True):
        try:
            urllib.request.urlopen(url, timeout=5)
            seen.append("answered")
        except urllib.error.URLError as error:
            seen.append(type(error.reason).__name__)
        threading.Thread(target=self.later, args=[url], daemon=True).start()
        return True

    def later(self, url):
        time.sleep(5)
        seen.append(urllib.request.urlopen(url, timeout=5).status)


http = ThreadingHTTPServer(("127.0.0.1", 0), Server)
ORIGIN = f"http://127.0.0.1:{http.server_port}"
threading.Thread(target=http.serve_forever, daemon=True).start()
webbrowser.register("finding", None, Browser(), preferred=True)


async def main():
    try:
        async with Client(f"{ORIGIN}/mcp", auth=OAuth()):
            pass
    except Exception as error:
        print(type(error).__name__)


asyncio.run(asyncio.wait_for(main(), 60))
print(seen)
assert seen[0] == "ConnectionRefusedError", seen
assert 200 in seen and "token" in seen, seen
PYTHON
