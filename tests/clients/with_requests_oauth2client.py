"""What a client that uses requests-oauth2client does with a server; flows.py has the arguments."""

import json
from pathlib import Path

import requests
from jwskate import Jwk, Jwt
from requests_oauth2client import (
    ClientSecretJwt,
    DPoPToken,
    OAuth2Client,
    OAuth2ClientCredentialsAuth,
    PrivateKeyJwt,
)

from flows import ISSUER, MORE, refused, run

KEY = Jwk(json.loads(Path(MORE[0]).read_text()))
ENDPOINTS = {
    "token_endpoint": f"{ISSUER}/token",
    "introspection_endpoint": f"{ISSUER}/introspect",
}
PASSWORD = {"username": "alice", "password": "wonderland"}


def client(auth, **options):
    # It demands https, even of this machine, unless it is told that this is a test.
    return OAuth2Client(auth=auth, testing=True, **(ENDPOINTS | options))


def service():
    return client(("demo-service", "demo-service-secret"))


def alice():
    app = client(("demo-web", "demo-web-secret"))
    return app.resource_owner_password(**PASSWORD, scope="items:read items:write")


def private_key_jwt():
    for auth in [
        PrivateKeyJwt("signer", KEY, alg="ES256"),
        PrivateKeyJwt("signer", KEY, alg="ES256", aud=ISSUER),
        ClientSecretJwt("hmac", "a secret of at least thirty-two bytes", alg="HS256"),
    ]:
        token = client(auth).client_credentials(scope="items:read")
        assert token.scope == "items:read", token
    stranger = PrivateKeyJwt("signer", Jwk.generate(alg="ES256").with_kid_thumbprint())
    refused(client(stranger).client_credentials, "invalid_client")


def exchange():
    subject = alice()
    token = service().token_exchange(
        subject_token=subject, scope="items:read", resource="https://api.example"
    )
    claims = Jwt(token.access_token).claims
    assert (claims["sub"], claims["aud"], token.scope) == (
        "alice",
        "https://api.example",
        "items:read",
    )
    acting = service().client_credentials()
    token = service().token_exchange(subject_token=subject, actor_token=acting)
    assert Jwt(token.access_token).claims["act"] == {"sub": "demo-service"}
    refused(
        lambda: service().token_exchange(subject_token=subject, audience="nobody"),
        "invalid_target",
    )


def jwt_bearer():
    def assertion(subject):
        claims = {"iss": "signer", "sub": subject, "aud": ISSUER}
        claims |= {"iat": Jwt.timestamp(), "exp": Jwt.timestamp(60), "jti": subject + "-1"}
        return str(Jwt.sign(claims, KEY, alg="ES256"))

    signer = client(PrivateKeyJwt("signer", KEY, alg="ES256"))
    about_alice = assertion("alice")
    token = signer.jwt_bearer(about_alice, scope="items:read")
    assert Jwt(token.access_token).claims["sub"] == "alice"
    refused(lambda: signer.jwt_bearer(about_alice), "invalid_grant")
    refused(lambda: signer.jwt_bearer(assertion("nobody")), "invalid_grant")


def dpop():
    bound = service().client_credentials(dpop=True)
    assert isinstance(bound, DPoPToken), bound
    for _ in range(2):
        assert requests.get(f"{ISSUER}/items", auth=bound).json() == {"items": []}
    stolen = {"Authorization": f"Bearer {bound.access_token}"}
    answer = requests.get(f"{ISSUER}/items", headers=stolen)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("DPoP ")
    auth = OAuth2ClientCredentialsAuth(service(), dpop=True)
    assert requests.get(f"{ISSUER}/protected", auth=auth).status_code == 200


run(private_key_jwt, exchange, jwt_bearer, dpop)
