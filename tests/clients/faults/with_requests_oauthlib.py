"""requests-oauthlib, as its documentation has a log-in; control.py says what is printed."""

import os
from importlib.metadata import version

from requests_oauthlib import OAuth2Session

from control import ISSUER, api, later, redirected, run, step

# It demands https, even of this machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

TOKEN = f"{ISSUER}/token"
CALLBACK = "http://127.0.0.1:9/callback"


def flow(fault):
    session = OAuth2Session(
        "demo-app",
        redirect_uri=CALLBACK,
        scope=["openid", "email", "items:read"],
        pkce="S256",
    )
    url, _ = session.authorization_url(f"{ISSUER}/authorize")
    back = redirected(url)
    step(
        "log-in",
        session.fetch_token,
        TOKEN,
        authorization_response=back,
        include_client_id=True,
    )
    later(fault)
    api(step("the API", session.get, f"{ISSUER}/items"))
    step("refresh", session.refresh_token, TOKEN, client_id="demo-app")
    api(step("the API", session.get, f"{ISSUER}/items"))


run(version("requests-oauthlib"), flow)
