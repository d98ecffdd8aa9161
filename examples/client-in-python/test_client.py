"""`jott serve-demo -- pytest` runs this beside a server of its own, which each test breaks in its way."""

import jwt
import pytest
import requests

from client import ISSUER, Client


def control(path, **body):
    requests.post(f"{ISSUER}/_control/{path}", json=body).raise_for_status()


@pytest.fixture(autouse=True)
def reset():
    control("reset")


def test_alice_has_no_items():
    client = Client()
    assert client.user() == "alice"
    assert client.items() == []


def test_an_access_token_that_expired_is_replaced():
    client = Client()
    control("clock", advance="31m")
    assert client.items() == []


def test_an_id_token_that_is_not_signed_is_refused():
    control("faults", fault="alg-none", token="id_token")
    with pytest.raises(jwt.InvalidTokenError):
        Client().user()


def test_an_id_token_that_expired_is_refused():
    control("faults", fault="expired", token="id_token")
    with pytest.raises(jwt.InvalidTokenError):
        Client().user()
