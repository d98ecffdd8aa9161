"""What HAProxy makes of the server's tokens, with the setting that man/recipes.md has; flows.py has the arguments."""

import subprocess
import tempfile
import time
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apache import free_port
from flows import ISSUER, run

# `jwt_verify` looks at the signature alone.
CONFIGURATION = """
defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend api
  bind 127.0.0.1:{port}
  http-request set-var(txn.bearer) http_auth_bearer
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
  http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')
  http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
  http-request set-var(txn.now) date()
  http-request deny deny_status 401 unless {{ var(txn.alg) -m str RS256 }}
  http-request deny deny_status 401 unless {{ var(txn.bearer),jwt_verify(txn.alg,"{key}") -m int 1 }}
  http-request deny deny_status 401 unless {{ var(txn.iss) -m str {issuer} }}
  http-request deny deny_status 401 if {{ var(txn.exp),sub(txn.now) -m int lt 0 }}
  http-request return status 200 content-type text/plain string welcome
"""


def api():
    """It takes the tokens of the server, and none that is broken."""
    keys = requests.get(f"{ISSUER}/jwks.json").json()["keys"]
    public = jwt.PyJWK(keys[0]).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with tempfile.TemporaryDirectory() as folder:
        port, key, file = free_port(), Path(folder, "key.pem"), Path(folder, "haproxy.cfg")
        key.write_bytes(public)
        file.write_text(CONFIGURATION.format(port=port, key=key, issuer=ISSUER))
        proxy = subprocess.Popen(["/usr/sbin/haproxy", "-q", "-db", "-f", file])
        try:
            judge(f"http://127.0.0.1:{port}/")
        finally:
            proxy.terminate()
            proxy.wait()


def judge(url):
    for _ in range(200):
        try:
            requests.get(url)
            break
        except requests.ConnectionError:
            time.sleep(0.05)

    def ask():
        form = {"grant_type": "client_credentials"}
        service = ("demo-service", "demo-service-secret")
        token = requests.post(f"{ISSUER}/token", data=form, auth=service).json()["access_token"]
        return requests.get(url, headers={"Authorization": f"Bearer {token}"})

    good = ask()
    assert (good.status_code, good.text) == (200, "welcome"), good.text
    for fault in ["expired", "bad-signature", "alg-none", "wrong-iss"]:
        rule = {"fault": fault, "count": 1, "endpoint": "token"}
        requests.post(f"{ISSUER}/_control/faults", json=rule).raise_for_status()
        assert ask().status_code == 401, fault
    assert ask().status_code == 200
    assert requests.get(url).status_code == 401


run(api)
