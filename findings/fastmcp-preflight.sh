#!/bin/sh
# The client of fastmcp 4.2.3 (Python) sends the authorization request itself before the browser does, and gives up where the answer is for a browser.
#
# RFC 6749 section 3.1 leaves to the server how it authenticates the user at that endpoint. The client requests the address
# without cookies to find out whether its `client_id` is known: with an answer other than 200 or a redirect no browser is
# opened. A server that asks by HTTP (401 with `Negotiate`, as Kerberos is used in companies, or Basic) is "Unexpected
# authorization response: 401", and each 400, also for a scope, is "client not found". Where it works the server has two
# authorization requests with one `state`, of which one never goes on.
#
# Seen on 2026-11-28: RuntimeError for 401 and no browser; for 200 two requests, the first by python-httpx2.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastmcp==4.2.3 mcp==2.3.0
HOME=$folder NO_PROXY=127.0.0.1 "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import asyncio
import threading
import urllib.request
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fastmcp.client.auth import OAuth

status, requests = 200, []


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        requests.append(self.headers["User-Agent"].split("/")[0])
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", "Negotiate")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *rest):
        pass


class Browser(webbrowser.BaseBrowser):
    def open(self, url, new=0, autoraise=True):
        urllib.request.urlopen(urllib.request.Request(url, headers={"User-Agent": "browser/1"}))
        return True


http = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=http.serve_forever, daemon=True).start()
webbrowser.register("finding", None, Browser(), preferred=True)
server = f"http://127.0.0.1:{http.server_port}"


def authorize(answer):
    """Who asked the authorization endpoint, which answers with this status, and what the client says to it."""
    global status
    status = answer
    requests.clear()
    try:
        asyncio.run(OAuth(f"{server}/mcp").redirect_handler(f"{server}/authorize?response_type=code&client_id=app&state=1"))
        said = ""
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    print(answer, requests, said)
    return list(requests), said


assert authorize(200) == (["python-httpx2", "browser"], "")
assert authorize(401) == (["python-httpx2"], "RuntimeError: Unexpected authorization response: 401")
asked, said = authorize(400)
assert asked == ["python-httpx2"] and said.startswith("ClientNotFoundError: OAuth client not found")
PYTHON
