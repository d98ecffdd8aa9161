#!/bin/sh
# certtool 3.7.9 (GnuTLS) writes every other P-256 private key in 33 bytes, and cryptography calls it too short.
#
# RFC 5915 section 3 gives the number as many bytes as the order of the curve has: 32. GnuTLS puts a
# zero in front where the first bit is set, as if it were a signed number. OpenSSL 3.0.19 takes it.
# cryptography 50.0.2 refuses it: "private key value is too short", while it is a byte too long. So half
# of the keys that one command makes work in Python, and the other half do not.
#
# Seen on 2026-11-27: of 80 keys 36 had 33 bytes, and just these were refused.
#
# Needs Debian 12 with apt, openssl, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq gnutls-bin=3.7.9-2+deb12u7 libgnutls30=3.7.9-2+deb12u7 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cryptography==50.0.2
for number in $(seq 60); do
    LD_LIBRARY_PATH=usr/lib/x86_64-linux-gnu usr/bin/certtool --generate-privkey --key-type ecdsa \
        --curve secp256r1 --no-text 2> /dev/null > "$number.pem"
    openssl pkey -in "$number.pem" -noout
done
venv/bin/python -W ignore - <<'PYTHON'
import base64
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key

widths = {32: 0, 33: 0}
for file in Path(".").glob("*.pem"):
    pem = file.read_bytes()
    der = base64.b64decode(b"".join(pem.split(b"-----")[2].split()))
    # SEQUENCE, its length, INTEGER 1, OCTET STRING, its length, its first byte
    width = der[6]
    widths[width] += 1
    try:
        load_pem_private_key(pem, None)
        assert width == 32
    except ValueError as error:
        assert width == 33 and der[7] == 0
        assert "private key value is too short" in str(error), error
print(widths)
sys.exit(min(widths.values()) < 10)
PYTHON
