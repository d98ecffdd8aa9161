"""Tokens that point elsewhere for their key, each under the right key and under a forger's.

`bait.py FOLDER` writes the keys `secret` and `public.pem`, what the tokens point at, and prints a
line of JSON for each token: {"token", "valid"}.
"""

import json
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey

from handmade import b64, compact, signed

SECRET = b"the secret that only the command line names"
FORGED_SECRET = b"the secret that the header of a token names"

folder = Path(sys.argv[1])
key, forger = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
forged = ECKey.import_key(forger)


def spki(private, encoding):
    return private.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


for name, content in {
    "secret": SECRET,
    "public.pem": spki(key, Encoding.PEM),
    "bait": FORGED_SECRET,
    "bait.pem": spki(forger, Encoding.PEM),
    "bait.jwks": compact({"keys": [{**forged.as_dict(), "kid": "bait"}]}),
}.items():
    (folder / name).write_bytes(content)

POINTERS = [
    {"jku": "http://127.0.0.1:9/jwks.json"},
    {"jku": "https://forger.test/jwks.json", "kid": "bait"},
    {"jku": f"file://{folder}/bait.jwks", "kid": "bait"},
    {"jku": "\\\\127.0.0.1\\share\\bait.jwks"},
    {"x5u": "http://[::1]:9/certificate.pem"},
    {"x5u": f"{folder}/bait.pem"},
    {"x5c": [b64(spki(forger, Encoding.DER))], "x5t": "bait"},
    {"x5c": [f"{folder}/bait.pem"]},
    {"jwk": forged.as_dict(private=False)},
    {"jwk": {"kty": "oct", "k": b64(FORGED_SECRET)}},
    {"jwk": "http://127.0.0.1:9/jwk.json"},
    {"kid": f"{folder}/bait"},
    {"kid": "../../../../../../../../dev/null"},
    {"kid": "/etc/passwd"},
    {"kid": "file:./bait"},
    {"kid": "env:HOME"},
    {"kid": "https://forger.test/key.pem"},
    {"kid": "issuer:http://127.0.0.1:9"},
    {"kid": f"$(touch {folder}/ran)"},
    {"kid": "bait' UNION SELECT 'bait"},
    {"alg_url": "http://127.0.0.1:9/", "cty": "bait", "zip": "DEF"},
]
KEYS = {"HS256": (SECRET, [FORGED_SECRET, b""]), "ES256": (key, [forger])}

claims = compact(
    {
        "iss": "http://127.0.0.1:9/",
        "exp": int(time.time()) + 600,
        "_claim_sources": {"a": {"endpoint": "http://127.0.0.1:9/"}},
    }
)
for alg, (right, wrong) in KEYS.items():
    for pointer in POINTERS:
        header = compact({"alg": alg, **pointer})
        # A JWK is an object (RFC 7515 section 4.1.3), so an address in its place is refused as it stands.
        valid = not isinstance(pointer.get("jwk"), str)
        print(json.dumps({"token": signed(header, claims, alg, right), "valid": valid}))
        for another in wrong:
            print(json.dumps({"token": signed(header, claims, alg, another), "valid": False}))
