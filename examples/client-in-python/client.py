"""A small client: alice logs in, and it asks an API for her."""

import os

import jwt
import requests

ISSUER = os.environ["JOTT_ISSUER"]


class Client:
    def __init__(self):
        person = {"username": "alice", "password": "wonderland", "scope": "openid items:read"}
        self.tokens = self.get_tokens(grant_type="password", **person)

    def get_tokens(self, **form):
        answer = requests.post(f"{ISSUER}/token", data={"client_id": "demo-app"} | form)
        answer.raise_for_status()
        return answer.json()

    def user(self):
        """Who logged in, as the ID token says."""
        token = self.tokens["id_token"]
        key = jwt.PyJWKClient(f"{ISSUER}/jwks.json").get_signing_key_from_jwt(token)
        expected = {"algorithms": ["RS256"], "issuer": ISSUER, "audience": "demo-app"}
        claims = jwt.decode(token, key, **expected, options={"require": ["exp", "sub"]})
        return claims["sub"]

    def items(self):
        """What the API has, with a new token where it no longer takes the old one."""
        answer = self.ask()
        if answer.status_code == 401:
            old = self.tokens["refresh_token"]
            self.tokens |= self.get_tokens(grant_type="refresh_token", refresh_token=old)
            answer = self.ask()
        answer.raise_for_status()
        return answer.json()["items"]

    def ask(self):
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return requests.get(f"{ISSUER}/items", headers=headers)
