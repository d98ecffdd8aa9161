"""What a client that uses Authlib does with a server; flows.py has the arguments."""

import json
import time
from pathlib import Path

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.drafts.id_jag import IDJAGGrant
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from browser import CALLBACK, as_alice
from flows import ISSUER, MORE, parameters, refused, run

SCOPE = "openid email items:read"


def metadata(suffix="openid-configuration"):
    place = get_well_known_url(ISSUER, external=True, suffix=suffix)
    return requests.get(place).json()


def client(identity, secret=None, **options):
    places = {"token_endpoint": metadata()["token_endpoint"]}
    return OAuth2Session(identity, secret, **(places | options))


def app(identity="demo-app", secret=None, **options):
    return client(
        identity,
        secret,
        scope=SCOPE,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        **options,
    )


def authorize(session):
    verifier, nonce = generate_token(48), generate_token()
    place = metadata()["authorization_endpoint"]
    url, state = session.create_authorization_url(place, code_verifier=verifier, nonce=nonce)
    back = as_alice(url)
    assert parameters(back)["iss"] == ISSUER
    return {"authorization_response": back, "state": state, "code_verifier": verifier}, nonce


def discovery():
    """What the metadata says is what the specifications let it say."""
    OpenIDProviderMetadata(metadata()).validate()
    AuthorizationServerMetadata(metadata("oauth-authorization-server")).validate()


def client_credentials():
    for method in ["client_secret_basic", "client_secret_post"]:
        service = client(
            "demo-service", "demo-service-secret", token_endpoint_auth_method=method
        )
        token = service.fetch_token(scope="items:read")
        assert (token["token_type"], token["scope"]) == ("Bearer", "items:read"), token
        assert service.get(f"{ISSUER}/items").json() == {"items": []}
        refused(lambda: service.fetch_token(scope="openid"), "invalid_scope")
        stranger = client("demo-service", "%+&=\u00e9", token_endpoint_auth_method=method)
        refused(stranger.fetch_token, "invalid_client")


def code():
    keys = KeySet.import_key_set(requests.get(metadata()["jwks_uri"]).json())
    for secret in [None, "demo-web-secret"]:
        identity = "demo-web" if secret else "demo-app"
        session = app(identity, secret)
        redemption, nonce = authorize(session)
        token = session.fetch_token(**redemption)
        assert token["scope"] == SCOPE, token
        id_token = jwt.decode(token["id_token"], keys)
        claims = CodeIDToken(
            id_token.claims,
            id_token.header,
            options={"iss": {"value": ISSUER}},
            params={
                "client_id": identity,
                "nonce": nonce,
                "access_token": token["access_token"],
            },
        )
        claims.validate()
        assert claims["sub"] == "alice"
        person = session.get(metadata()["userinfo_endpoint"]).json()
        assert person == {
            "sub": "alice",
            "email": "alice@example.com",
            "email_verified": True,
        }
        refused(lambda: session.fetch_token(**redemption), "invalid_grant")
        assert session.get(f"{ISSUER}/protected").status_code == 401


def refused_code():
    session = app()
    redemption, _ = authorize(session)
    redemption["code_verifier"] = generate_token(48)
    refused(lambda: session.fetch_token(**redemption), "invalid_grant")


def refresh():
    session = app()
    redemption, _ = authorize(session)
    first = session.fetch_token(**redemption)["refresh_token"]
    # An access token that is no longer good is replaced without being asked.
    session.token["expires_at"] = 1
    assert session.get(f"{ISSUER}/items").status_code == 200
    second = session.token["refresh_token"]
    assert second != first
    refused(lambda: session.refresh_token(refresh_token=first), "invalid_grant")
    refused(lambda: session.refresh_token(refresh_token=second), "invalid_grant")


def password():
    owner = {"username": "alice", "password": "wonderland"}
    for session in [app(), app("demo-web", "demo-web-secret")]:
        token = session.fetch_token(**owner)
        assert token["scope"] == SCOPE, token
        greeting = session.get(f"{ISSUER}/protected").json()
        assert greeting == {"message": "Hello, alice! This is a protected route."}
        assert session.refresh_token()["refresh_token"] != token["refresh_token"]
        refused(lambda: session.fetch_token(**(owner | {"password": "x"})), "invalid_grant")


def introspection():
    service = client("demo-service", "demo-service-secret")
    place = metadata()["introspection_endpoint"]
    redemption, _ = authorize(session := app())
    token = session.fetch_token(**redemption)
    for hint in ["access_token", "refresh_token"]:
        answer = service.introspect_token(place, token[hint], hint).json()
        assert (answer["active"], answer["sub"], answer["client_id"], answer["scope"]) == (
            True,
            "alice",
            "demo-app",
            SCOPE,
        )
    assert service.introspect_token(place, "x").json() == {"active": False}
    assert session.introspect_token(place, token["access_token"]).status_code == 400


def revocation():
    place = metadata()["revocation_endpoint"]
    for session in [app(), app("demo-web", "demo-web-secret")]:
        redemption, _ = authorize(session)
        token = session.fetch_token(**redemption)
        answer = session.revoke_token(place, token["refresh_token"], "refresh_token")
        assert (answer.status_code, answer.content) == (200, b"")
        assert session.get(f"{ISSUER}/protected").status_code == 401
        refused(session.refresh_token, "invalid_grant")


def private_key_jwt():
    place = metadata()["token_endpoint"]
    key = ECKey.import_key(json.loads(Path(MORE[0]).read_text()))
    for identity, secret, method in [
        ("signer", key, PrivateKeyJWT(place, alg="ES256")),
        ("hmac", "a secret of at least thirty-two bytes", ClientSecretJWT(place)),
    ]:
        session = client(identity, secret, token_endpoint_auth_method=method.name)
        session.register_client_auth_method(method)
        token = session.fetch_token(grant_type="client_credentials", scope="items:read")
        assert token["scope"] == "items:read", token


def exchange():
    owner = {"username": "alice", "password": "wonderland", "scope": "items:read"}
    subject = app().fetch_token(**owner)["access_token"]
    kind = "urn:ietf:params:oauth:token-type:access_token"
    service = client("demo-service", "demo-service-secret")
    token = service.fetch_token(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=subject,
        subject_token_type=kind,
    )
    assert token["issued_token_type"] == kind, token
    greeting = service.get(f"{ISSUER}/protected").json()
    assert greeting == {"message": "Hello, alice! This is a protected route."}


def jwt_bearer():
    key = json.loads(Path(MORE[0]).read_text())
    now = int(time.time())
    claims = {"iss": "signer", "sub": "alice", "aud": ISSUER, "jti": generate_token()}
    claims |= {"iat": now, "exp": now + 60}
    header = {"alg": "ES256", "kid": key["kid"]}
    assertion = jwt.encode(header, claims, ECKey.import_key(key))
    # The client is that of the assertion.
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    answer = requests.post(metadata()["token_endpoint"], data=form).json()
    assert answer["token_type"] == "Bearer", answer


def id_jag():
    """A grant that the library signs is taken, and it takes one of the server."""
    key_file, grant_file, provider = MORE
    key = ECKey.import_key(json.loads(Path(key_file).read_text()))
    signed = IDJAGGrant.sign(
        key,
        "https://idp.example",
        ISSUER,
        "alice",
        "agent",
        claims={"scope": "mcp:read"},
        alg="ES256",
    )
    kind = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    agent = client("agent", "agent-secret")
    token = agent.fetch_token(grant_type=kind, assertion=signed)
    assert token["scope"] == "mcp:read", token
    again = client("agent", "agent-secret")
    refused(lambda: again.fetch_token(grant_type=kind, assertion=signed), "invalid_grant")

    class Grant(IDJAGGrant):
        def get_audiences(self):
            return ["https://chat.example"]

        def resolve_issuer_key(self, issuer, headers):
            assert issuer == provider, issuer
            return KeySet.import_key_set(requests.get(f"{issuer}/jwks.json").json())

    claims = Grant(None, None)._process_assertion_claims(Path(grant_file).read_text())
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("alice", "agent", "chat:read")


run(
    id_jag,
    discovery,
    client_credentials,
    code,
    refused_code,
    refresh,
    password,
    introspection,
    revocation,
    private_key_jwt,
    exchange,
    jwt_bearer,
)
