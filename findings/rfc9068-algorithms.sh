#!/bin/sh
# rfc9068 1.3.2 (PyPI), named after the RFC of access tokens, takes RS256 and none else, and adds a slash to `iss`.
#
# RFC 9068 section 2.1 has RS256 as what each side must support, and others beside it; section 4 compares `iss` exactly. The
# library reads `alg` into a list of one, so a token for ES256, with the algorithm allowed by its caller, is an invalid header,
# and so is one without `kid`. `iss` becomes a URL of pydantic: "https://as.example" is read as "https://as.example/" and is
# then another than "https://as.example". Who writes the slash into the configuration is let through, so the same setting
# does not do for two libraries. joserfc 1.8.0 verifies all three tokens.
#
# Seen on 2026-11-28: "Input should be 'RS256'", "Field required" for `kid`, and Expected issuer 'https://as.example', got
# 'https://as.example/'.
#
# Needs python3.11 or later with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rfc9068==1.3.2 pyjwt==2.15.1 joserfc==1.8.0 cryptography==50.0.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import time

import jwt
from joserfc import jwt as joserfc
from joserfc.jwk import ECKey, RSAKey
from rfc9068 import RFC9068AccessTokenValidator
from rfc9068.parser import AccessTokenParser, HeaderParser, InvalidHeaderError, Padder, PayloadParser, SignatureParser
from rfc9068.payload import AudienceValidator, ExpirationValidator, InvalidIssuerError, IssuerValidator
from rfc9068.signature import PyJwtJWKResolver, PyJwtSignatureValidator

KEYS = {"RS256": RSAKey.generate_key(2048, {"kid": "RS256"}), "ES256": ECKey.generate_key("P-256", {"kid": "ES256"})}
ISSUER, API = "https://as.example", "https://api.example"


class Fetched(jwt.PyJWKClient):
    def fetch_data(self):
        return {"keys": [key.as_dict(private=False) for key in KEYS.values()]}


def token(algorithm, **header):
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": API, "sub": "alice", "client_id": "app", "jti": "1", "iat": now, "exp": now + 300}
    return joserfc.encode({"typ": "at+jwt", "alg": algorithm, **header}, claims, KEYS[algorithm])


def validate(token, issuer):
    return RFC9068AccessTokenValidator(
        AccessTokenParser(Padder(), HeaderParser(), PayloadParser(), SignatureParser()),
        PyJwtSignatureValidator(PyJwtJWKResolver(Fetched("https://as.example/jwks")), jwt.PyJWS()),
        IssuerValidator(), AudienceValidator(), ExpirationValidator(), list(KEYS), issuer, API,
    )(token)


usual = token("RS256", kid="RS256")
assert validate(usual, f"{ISSUER}/").payload.sub == "alice"
REFUSED = [
    (token("ES256", kid="ES256"), f"{ISSUER}/", InvalidHeaderError, "Input should be 'RS256'"),
    (token("RS256"), f"{ISSUER}/", InvalidHeaderError, "Field required"),
    (usual, ISSUER, InvalidIssuerError, "Expected issuer 'https://as.example', got 'https://as.example/'!"),
]
for refused, issuer, kind, word in REFUSED:
    key = KEYS[jwt.get_unverified_header(refused)["alg"]]
    assert joserfc.decode(refused, key, list(KEYS)).claims["iss"] == ISSUER
    try:
        validate(refused, issuer)
        raise SystemExit(1)
    except kind as error:
        print(f"{kind.__name__}: {error}")
        assert word in str(error)
PYTHON
