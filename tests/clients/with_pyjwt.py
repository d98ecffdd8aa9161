"""Jobs for PyJWT."""

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from jobs import serve

KID = "k-1"


def load(path):
    content = path.read_bytes()
    match path.name.split("."):
        case ["raw"] | ["pkcs1" | "pkcs1-public" | "pkcs8" | "sec1" | "spki", "pem"]:
            return content
        case [_, "jwk"]:
            return jwt.PyJWK.from_json(content).key
        case [_, "jwks"]:
            return jwt.PyJWKSet.from_json(content)[KID].key
        case ["certificate", "pem"]:
            return x509.load_pem_x509_certificate(content).public_key()
        case ["certificate", "der"]:
            return x509.load_der_x509_certificate(content).public_key()
        case ["pkcs1-public" | "spki", "der"]:
            return serialization.load_der_public_key(content)
        case [_, "der"]:
            return serialization.load_der_private_key(content, None)
        case _:
            raise ValueError(f"no reader for {path.name}")


def issue(alg, key, kid, claims):
    return jwt.encode(claims, load(key), alg, {"kid": kid})


def verify(alg, key, token):
    return jwt.decode(token, load(key), [alg], options={"verify_aud": False})


serve(issue, verify)
