"""Makes a key of each kind and writes it in every form: `keys.py FOLDER` makes FOLDER/KIND/FORM."""

import base64
import datetime
import json
import secrets
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from ml_dsa import PRIVATE as ML_DSA, AKPKey

KID = "k-1"
ENCODINGS = [("pem", Encoding.PEM), ("der", Encoding.DER)]
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jott")])


def pem(label, der):
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


def certificate(private):
    """A certificate that the key signs for itself."""
    today = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today)
        .not_valid_after(today + datetime.timedelta(days=1))
    )
    hashes_itself = isinstance(private, (ed25519.Ed25519PrivateKey, *ML_DSA.values()))
    return builder.sign(private, None if hashes_itself else hashes.SHA256())


def pkcs8_v2(private):
    """The key with its public half and an attribute, as in RFC 8410 section 10.3."""
    seed = private.private_bytes_raw()
    public = private.public_key().public_bytes_raw()
    version_and_algorithm = bytes.fromhex("020101 300506032b6570")
    attribute = bytes.fromhex("a01f301d060a2a864886f70d0109091431 0f0c0d") + b"Curdle Chairs"
    content = b"".join(
        [version_and_algorithm, b"\x04\x22\x04\x20", seed, attribute, b"\x81\x21\x00", public]
    )
    return bytes([0x30, len(content)]) + content


def jwks(key, decoy, private):
    """A key and, before it, one that must not be taken."""
    members = [{**decoy.as_dict(private), "kid": "k-0"}, {**key.as_dict(private), "kid": KID}]
    return {"keys": members}


def forms_in_json(key, decoy):
    for name, private in ("private", True), ("public", False):
        if private or key.key_type != "oct":
            jwk = {**key.as_dict(private), "kid": KID}
            yield f"{name}.jwk", json.dumps(jwk).encode()
            yield f"{name}.jwks", json.dumps(jwks(key, decoy, private)).encode()


def asymmetric(wrapper, private, decoy):
    public = private.public_key()
    traditional = {rsa.RSAPrivateKey: "pkcs1", ec.EllipticCurvePrivateKey: "sec1"}
    for extension, encoding in ENCODINGS:
        yield (
            f"pkcs8.{extension}",
            private.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption()),
        )
        for kind, name in traditional.items():
            if isinstance(private, kind):
                yield (
                    f"{name}.{extension}",
                    private.private_bytes(
                        encoding, PrivateFormat.TraditionalOpenSSL, NoEncryption()
                    ),
                )
        if isinstance(private, rsa.RSAPrivateKey):
            yield f"pkcs1-public.{extension}", public.public_bytes(encoding, PublicFormat.PKCS1)
        yield f"spki.{extension}", public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        yield f"certificate.{extension}", certificate(private).public_bytes(encoding)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        yield "pkcs8-v2.der", pkcs8_v2(private)
        yield "pkcs8-v2.pem", pem("PRIVATE KEY", pkcs8_v2(private))
    key = wrapper.import_key(private)
    yield "thumbprint", key.thumbprint().encode()
    yield from forms_in_json(key, wrapper.import_key(decoy))


def secret(content):
    yield "raw", content
    yield "base64", base64.encodebytes(content)
    yield "base64url", base64.urlsafe_b64encode(content).rstrip(b"=")
    yield "hex", content.hex().encode() + b"\n"
    yield from forms_in_json(OctKey.import_key(content), OctKey.generate_key(512))


def kinds():
    def two(make, *args):
        return make(*args), make(*args)

    yield "RSA", asymmetric(RSAKey, *two(rsa.generate_private_key, 65537, 2048))
    curves = {
        "P-256": ec.SECP256R1(),
        "P-384": ec.SECP384R1(),
        "P-521": ec.SECP521R1(),
        "secp256k1": ec.SECP256K1(),
    }
    for name, curve in curves.items():
        yield name, asymmetric(ECKey, *two(ec.generate_private_key, curve))
    yield "Ed25519", asymmetric(OKPKey, *two(ed25519.Ed25519PrivateKey.generate))
    for name, kind in ML_DSA.items():
        yield name, asymmetric(AKPKey, *two(kind.generate))
    # Bytes that only `raw` and the encodings can carry, and text with its line break.
    yield "secret", secret(secrets.token_bytes(61) + b"\0\xff\n")
    text = "".join(secrets.choice("aZ09 +/=-_éß語🔑") for _ in range(64)).strip(" ") + "x"
    yield "text", [*secret(text.encode()), ("utf8", text.encode() + b"\n")]


folder = Path(sys.argv[1])
for kind, forms in kinds():
    (folder / kind).mkdir()
    for form, content in forms:
        (folder / kind / form).write_bytes(content)
