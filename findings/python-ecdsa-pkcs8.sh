#!/bin/sh
# python-ecdsa 0.19.2 writes PKCS#8 of version 1 without the public key that this version stands for.
#
# RFC 5958 section 2 sets the version to 1 (v2) where the field `publicKey` is there, and else to 0.
# python-ecdsa's `to_pem(format="pkcs8")` writes 1 for every EC key and no such field (the public key
# is inside, in the structure of RFC 5915). OpenSSL 3.0 looks away; cryptography 50.0.2, and so all of
# Python that rests on it, answers "Invalid key" and nothing else. One byte of 0 in its place mends the
# file, and so does `openssl pkey -in key.pem -out key.pem`. Ed25519 keys of the same library are right.
#
# Seen on 2026-11-27: version 1 for P-256, P-384, P-521 and secp256k1, version 0 for Ed25519.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ecdsa==0.19.2 cryptography==50.0.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import ecdsa
from cryptography.hazmat.primitives.serialization import load_der_private_key


def version_at(der):
    # SEQUENCE, its length in one byte or two, INTEGER, 1
    at = der.index(b"\x02\x01") + 2
    assert at in (4, 5), at
    return at


def reads(der):
    try:
        return load_der_private_key(der, None)
    except ValueError as error:
        print(error)
        return None


for curve in ecdsa.NIST256p, ecdsa.NIST384p, ecdsa.NIST521p, ecdsa.SECP256k1:
    der = ecdsa.SigningKey.generate(curve).to_der(format="pkcs8")
    at = version_at(der)
    print(curve.name, "version", der[at])
    assert der[at] == 1 and reads(der) is None
    assert reads(der[:at] + b"\0" + der[at + 1 :])
der = ecdsa.SigningKey.generate(ecdsa.Ed25519).to_der(format="pkcs8")
assert der[version_at(der)] == 0 and reads(der)
PYTHON
