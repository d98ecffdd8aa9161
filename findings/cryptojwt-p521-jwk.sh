#!/bin/sh
# cryptojwt 1.11.0 (Python) writes the numbers of a P-521 JWK 65 bytes wide, where one fits into them.
#
# RFC 7518 sections 6.2.1.2, 6.2.1.3 and 6.2.2.1 want them as wide as the curve: 66 bytes, with zeros
# in front. The curve has 521 bits, so the first byte is 0 or 1, and every other number is written a
# byte short. cryptojwt and joserfc read such a key; PyJWT 2.13.0 refuses it ("Coords should be 66
# bytes for curve P-521"): 3 public keys of 4, which look like an accident of one deployment.
# P-256 and P-384 are written at full width.
#
# Seen on 2026-11-27: of 200 keys 94 had a short `x`, 100 a short `y`, 80 a short `d`; of 100 public
# keys PyJWT refused 71.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cryptojwt==1.11.0 pyjwt==2.13.0 joserfc==1.8.0
"$folder/venv/bin/python" - <<'PYTHON'
import base64
import sys

import jwt
from cryptojwt.jwk.ec import new_ec_key
from joserfc.jwk import ECKey


def width(number):
    return len(base64.urlsafe_b64decode(number + "=" * (-len(number) % 4)))


def keys(curve, count):
    return [new_ec_key(curve).serialize(private=True) for _ in range(count)]


def refused_by_pyjwt(key):
    public = {name: value for name, value in key.items() if name != "d"}
    ECKey.import_key(public)
    try:
        jwt.PyJWK(public)
    except jwt.exceptions.InvalidKeyError as error:
        assert "Coords should be 66 bytes" in str(error), error
        return True
    return False


made = keys("P-521", 100)
short = {name: sum(width(key[name]) == 65 for key in made) for name in ("x", "y", "d")}
whole = all(width(key["x"]) == 32 and width(key["y"]) == 32 for key in keys("P-256", 400))
refused = sum(map(refused_by_pyjwt, made))
print(f"P-521: of 100 keys {short} are 65 bytes wide; PyJWT refuses {refused} of the public keys")
print(f"P-256: all at full width: {whole}")
sys.exit(0 if whole and min(short.values()) > 20 and refused > 50 else 1)
PYTHON
