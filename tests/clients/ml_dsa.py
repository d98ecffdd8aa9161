"""JWKs of ML-DSA by RFC 9964, over `cryptography`: no library of tokens here has them."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric import mldsa

from handmade import b64, compact

PRIVATE = {
    "ML-DSA-44": mldsa.MLDSA44PrivateKey,
    "ML-DSA-65": mldsa.MLDSA65PrivateKey,
    "ML-DSA-87": mldsa.MLDSA87PrivateKey,
}
PUBLIC = {
    "ML-DSA-44": mldsa.MLDSA44PublicKey,
    "ML-DSA-65": mldsa.MLDSA65PublicKey,
    "ML-DSA-87": mldsa.MLDSA87PublicKey,
}


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def of_jwk(jwk):
    if "priv" in jwk:
        return PRIVATE[jwk["alg"]].from_seed_bytes(unb64(jwk["priv"]))
    return PUBLIC[jwk["alg"]].from_public_bytes(unb64(jwk["pub"]))


class AKPKey:
    """A key as joserfc would have it."""

    key_type = "AKP"

    def __init__(self, private):
        self.seed = private.private_bytes_raw()
        self.required = {
            "alg": next(name for name, kind in PRIVATE.items() if isinstance(private, kind)),
            "kty": "AKP",
            "pub": b64(private.public_key().public_bytes_raw()),
        }

    @classmethod
    def import_key(cls, private):
        return cls(private)

    def as_dict(self, private):
        return {**self.required, "priv": b64(self.seed)} if private else self.required

    def thumbprint(self):
        return b64(hashlib.sha256(compact(self.required)).digest())
