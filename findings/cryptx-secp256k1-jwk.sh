#!/bin/sh
# CryptX 0.077 (Perl, Debian 12) writes the `crv` of a secp256k1 JWK as "P-256K", a name that never was registered.
#
# RFC 8812 section 3.1 calls the curve "secp256k1"; "P-256K" stood in drafts before it. Node 20, PyJWT 2.15.1
# and joserfc 1.8.0 refuse the JWK, the last with a bare KeyError. jwcrypto 1.6.1 knows both names. As the name
# is hashed for the thumbprint (RFC 7638 section 3.2), one key has two of them, and so two `kid`s where that is
# the thumbprint. Crypt::JWT takes its keys from CryptX.
#
# Seen on 2026-11-27: "crv":"P-256K"; with "secp256k1" in its place all four read it; two thumbprints.
#
# Needs Debian 12 with perl and apt, node 20, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
node --version | grep -q '^v20\.'
apt-get download -qq libcryptx-perl=0.077-1+b1 2> /dev/null
dpkg -x libcryptx-perl_*.deb .
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 joserfc==1.8.0 jwcrypto==1.6.1
perl -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MCrypt::PK::ECC -e '
    my $key = Crypt::PK::ECC->new;
    $key->generate_key("secp256k1");
    print $key->export_key_jwk("public"), "\n", $key->export_key_jwk_thumbprint("SHA256");' > made
venv/bin/python -W ignore - <<'PYTHON'
import json
import subprocess

import jwt
from joserfc.jwk import ECKey
from jwcrypto.jwk import JWK

NODE = 'require("crypto").createPublicKey({ key: JSON.parse(process.argv[1]), format: "jwk" })'
READERS = {
    "Node": lambda key: subprocess.run(["node", "-e", NODE, json.dumps(key)], check=True, stderr=subprocess.DEVNULL),
    "PyJWT": jwt.PyJWK,
    "joserfc": lambda key: ECKey.import_key(key).public_key,
    "jwcrypto": lambda key: JWK(**key),
}


def reads(name, key):
    try:
        READERS[name](key)
        return True
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
        return False


written, thumbprint = open("made").read().split("\n")
key = json.loads(written)
right = {**key, "crv": "secp256k1"}
print(written)
assert key["crv"] == "P-256K"
assert [name for name in READERS if reads(name, key)] == ["jwcrypto"]
assert [name for name in READERS if reads(name, right)] == list(READERS)
print(thumbprint, ECKey.import_key(right).thumbprint())
assert thumbprint == JWK(**key).thumbprint() != ECKey.import_key(right).thumbprint()
PYTHON
