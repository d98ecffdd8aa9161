#!/bin/sh
# joserfc 1.8.0 and cryptojwt 1.11.0 (Python) refuse a whole key set because one key has another `use` than theirs.
#
# RFC 7517 section 4.2 lets others define values of `use` beside "sig" and "enc", and SPIFFE does: each key of a
# trust bundle says "jwt-svid" or "x509-svid". joserfc says that `use` must be "sig" or "enc"; cryptojwt dies of a
# TypeError ("multiple values for keyword argument 'use'") that names neither key nor cause, though the key next
# to it is usual. PyJWT 2.15.1, Authlib 1.9.10, jwcrypto 1.6.1 and jwskate 0.12.2 read the set.
#
# Seen on 2026-11-27: as said, for a bundle with one usual key after the key for JWT-SVIDs.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check authlib==1.9.10 jwskate==0.12.2 pyjwt==2.15.1 \
    joserfc==1.8.0 jwcrypto==1.6.1 cryptojwt==1.11.0
"$folder/venv/bin/python" -W ignore - 2> /dev/null <<'PYTHON'
import json

import jwt
import jwskate
from authlib.jose import JsonWebKey
from cryptojwt.key_bundle import KeyBundle
from joserfc.jwk import KeySet
from jwcrypto.jwk import JWK, JWKSet


def public(**members):
    return {**json.loads(JWK.generate(kty="EC", crv="P-256").export_public()), **members}


bundle = {
    "keys": [public(kid="svid", use="jwt-svid"), public(kid="usual", use="sig")],
    "spiffe_sequence": 1,
    "spiffe_refresh_hint": 300,
}
READERS = {
    "joserfc": lambda: KeySet.import_key_set(bundle).keys,
    "cryptojwt": lambda: KeyBundle(keys=bundle["keys"]).keys(),
    "PyJWT": lambda: jwt.PyJWKSet.from_dict(bundle).keys,
    "Authlib": lambda: JsonWebKey.import_key_set(bundle).keys,
    "jwcrypto": lambda: JWKSet.from_json(json.dumps(bundle))["keys"],
    "jwskate": lambda: list(jwskate.JwkSet(bundle).jwks),
}
refusals = {}
for name, read in READERS.items():
    try:
        assert len(read()) == 2
        print(f"{name}: two keys")
    except Exception as error:
        refusals[name] = f"{type(error).__name__}: {error}"
        print(f"{name}: {refusals[name]}")
assert list(refusals) == ["joserfc", "cryptojwt"]
assert "'use' must be one of ['sig', 'enc']" in refusals["joserfc"]
assert "TypeError" in refusals["cryptojwt"] and "multiple values for keyword argument 'use'" in refusals["cryptojwt"]
PYTHON
