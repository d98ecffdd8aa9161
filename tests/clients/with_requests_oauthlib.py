"""What a client that uses requests-oauthlib does with a server; flows.py has the arguments."""

import os

from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from browser import CALLBACK, as_alice
from flows import ISSUER, refused, run

# It demands https, even of this machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

SCOPE = ["openid", "email", "items:read"]
TOKEN = f"{ISSUER}/token"


def client_credentials():
    secret = "demo-service-secret"
    for how in [
        {"client_secret": secret, "include_client_id": True},
        {"auth": ("demo-service", secret)},
    ]:
        service = machine("items:read")
        token = service.fetch_token(TOKEN, **how)
        assert (token["token_type"], token["scope"]) == ("Bearer", ["items:read"]), token
        assert service.get(f"{ISSUER}/items").json() == {"items": []}
        refused(lambda: machine("openid").fetch_token(TOKEN, **how), "invalid_scope")
    stranger = {"auth": ("demo-service", "not its secret")}
    refused(lambda: machine("items:read").fetch_token(TOKEN, **stranger), "invalid_client")


def machine(scope):
    return OAuth2Session(client=BackendApplicationClient("demo-service", scope=[scope]))


def authorize(identity="demo-app", decision="allow"):
    session = OAuth2Session(identity, redirect_uri=CALLBACK, scope=SCOPE, pkce="S256")
    url, _ = session.authorization_url(f"{ISSUER}/authorize")
    return session, as_alice(url, decision)


def code():
    for how in [
        {"include_client_id": True},
        {"client_secret": "demo-web-secret", "include_client_id": True},
        {"auth": HTTPBasicAuth("demo-web", "demo-web-secret")},
    ]:
        confidential = "auth" in how or "client_secret" in how
        session, back = authorize("demo-web" if confidential else "demo-app")
        # The library takes a scope other than the one it asked for as an error.
        token = session.fetch_token(TOKEN, authorization_response=back, **how)
        assert token["scope"] == SCOPE, token
        assert session.get(f"{ISSUER}/userinfo").json()["sub"] == "alice"
        refused(
            lambda: session.fetch_token(TOKEN, authorization_response=back, **how),
            "invalid_grant",
        )
        assert session.get(f"{ISSUER}/protected").status_code == 401


def refused_code():
    stranger, _ = authorize()
    _, back = authorize()
    # It is for another verifier. The library compares the states itself, unless it is told not to.
    stranger._state = None
    app = {"authorization_response": back, "include_client_id": True}
    refused(lambda: stranger.fetch_token(TOKEN, **app), "invalid_grant")
    session, back = authorize(decision="deny")
    refused(lambda: session.fetch_token(TOKEN, authorization_response=back), "access_denied")


def refresh():
    session, back = authorize()
    app = {"client_id": "demo-app"}
    first = session.fetch_token(TOKEN, authorization_response=back, include_client_id=True)
    second = session.refresh_token(TOKEN, **app)
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == SCOPE, second
    assert session.get(f"{ISSUER}/items").status_code == 200
    for token in [first, second]:
        refused(
            lambda: session.refresh_token(TOKEN, refresh_token=token["refresh_token"], **app),
            "invalid_grant",
        )


def password():
    session = OAuth2Session(client=LegacyApplicationClient("demo-app", scope=SCOPE))
    owner = {"username": "alice", "password": "wonderland", "include_client_id": True}
    token = session.fetch_token(TOKEN, **owner)
    assert token["scope"] == SCOPE, token
    greeting = session.get(f"{ISSUER}/protected").json()
    assert greeting == {"message": "Hello, alice! This is a protected route."}
    refused(lambda: session.fetch_token(TOKEN, **(owner | {"password": "x"})), "invalid_grant")


run(client_credentials, code, refused_code, refresh, password)
