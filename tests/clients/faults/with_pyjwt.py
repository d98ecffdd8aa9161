"""PyJWT's PyJWKClient, as its documentation has an API judge an access token; control.py says what is
printed."""

from importlib.metadata import version

import jwt
import requests

from control import ISSUER, later, run, step


def flow(fault):
    service = ("demo-service", "demo-service-secret")
    form = {"grant_type": "client_credentials", "scope": "items:read"}
    token = requests.post(f"{ISSUER}/token", data=form, auth=service).json().get("access_token")
    if token is None:
        return
    later(fault)
    keys = jwt.PyJWKClient(f"{ISSUER}/jwks.json")
    key = step("the key", keys.get_signing_key_from_jwt, token)
    step(
        "the token",
        jwt.decode,
        token,
        key,
        algorithms=["RS256"],
        audience=ISSUER,
        issuer=ISSUER,
    )


run(version("PyJWT"), flow)
