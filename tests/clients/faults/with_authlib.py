"""Authlib's client for Flask, as its documentation has a log-in; control.py says what is printed."""

from importlib.metadata import version

from authlib.integrations.flask_client import OAuth
from flask import Flask, url_for

from control import ISSUER, api, later, redirected, run, step


def flow(fault):
    app = Flask(__name__)
    app.secret_key = "of a test"
    app.testing = True
    client = OAuth(app).register(
        "demo",
        client_id="demo-web",
        client_secret="demo-web-secret",
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email items:read", "code_challenge_method": "S256"},
    )
    tokens = []

    @app.get("/login")
    def login():
        return client.authorize_redirect(url_for("callback", _external=True))

    @app.get("/callback")
    def callback():
        tokens.append(client.authorize_access_token())
        return "welcome"

    browser = app.test_client()
    local = "http://localhost:9"
    to = step("discovery", browser.get, "/login", base_url=local).headers["Location"]
    step("log-in", browser.get, redirected(to), base_url=local)
    [token] = tokens
    later(fault)
    with app.app_context():
        step("userinfo", client.userinfo, token=token)
        api(step("the API", client.get, f"{ISSUER}/items", token=token))
        # What has expired is replaced unasked.
        old = token | {"expires_at": 1}
        api(step("refresh", client.get, f"{ISSUER}/items", token=old))


run(version("Authlib"), flow)
