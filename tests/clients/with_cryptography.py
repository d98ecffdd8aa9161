"""Jobs for ML-DSA, put together by hand over `cryptography`."""

import json

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from handmade import b64, compact
from jobs import serve
from ml_dsa import of_jwk, unb64


def load(path):
    content = path.read_bytes()
    match path.name.split("."):
        case [_, "jwk"]:
            return of_jwk(json.loads(content))
        case [_, "jwks"]:
            return of_jwk(json.loads(content)["keys"][-1])
        case ["certificate", "pem"]:
            return x509.load_pem_x509_certificate(content).public_key()
        case ["certificate", "der"]:
            return x509.load_der_x509_certificate(content).public_key()
        case ["spki", "pem"]:
            return serialization.load_pem_public_key(content)
        case ["spki", "der"]:
            return serialization.load_der_public_key(content)
        case [_, "pem"]:
            return serialization.load_pem_private_key(content, None)
        case [_, "der"]:
            return serialization.load_der_private_key(content, None)
        case _:
            raise ValueError(f"no reader for {path.name}")


def issue(alg, key, kid, claims):
    message = f"{b64(compact({'alg': alg, 'kid': kid}))}.{b64(compact(claims))}"
    return f"{message}.{b64(load(key).sign(message.encode()))}"


def verify(alg, key, token):
    message, _, signature = token.rpartition(".")
    header, _, payload = message.partition(".")
    if json.loads(unb64(header))["alg"] != alg:
        raise ValueError("the token has another algorithm")
    load(key).verify(unb64(signature), message.encode())
    return json.loads(unb64(payload))


serve(issue, verify)
