"""Jobs for joserfc."""

import json

from cryptography import x509
from joserfc import jwk, jwt

from jobs import serve

KINDS = {"RSA": "RSA", "Ed25519": "OKP", "secret": "oct", "text": "oct"}


def load(path):
    kind = KINDS.get(path.parent.name, "EC")
    content = path.read_bytes()
    match path.name.split("."):
        case [_, "jwk"]:
            return jwk.import_key(json.loads(content))
        case [_, "jwks"]:
            return jwk.KeySet.import_key_set(json.loads(content))
        case ["certificate", "der"]:
            public = x509.load_der_x509_certificate(content).public_key()
            return jwk.JWKRegistry.key_types[kind].import_key(public)
        case _:
            return jwk.import_key(content, kind)


def issue(alg, key, kid, claims):
    return jwt.encode({"alg": alg, "kid": kid}, claims, load(key), [alg])


def verify(alg, key, token):
    return jwt.decode(token, load(key), [alg]).claims


serve(issue, verify)
