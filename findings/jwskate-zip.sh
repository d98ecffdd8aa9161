#!/bin/sh
# jwskate 0.12.2 (Python) decrypts a token that says `"zip":"DEF"` and hands out the compressed bytes, without an error.
#
# RFC 7516 section 4.1.3 wants that parameter understood and processed, and the text inflated after decryption. `decrypt()`
# looks at nothing but `alg` and `enc`, so a token that jwcrypto 1.6.1 or joserfc 1.8.0 compressed comes out as binary data
# under a key that is right, and a JSON parser then speaks of UTF-8. Inflated raw (RFC 1951) the text is there. Without `zip`
# the same token is read as it is.
#
# Seen on 2026-11-28: b'\xabV*...' for {"sub":"alice", ...}, from both writers.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jwskate==0.12.2 jwcrypto==1.6.1 joserfc==1.8.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import zlib

from joserfc import jwe as joserfc
from joserfc.jwk import OctKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwskate import JweCompact, Jwk

TEXT = b'{"sub":"alice","scope":"read write"}'
HEADER = {"alg": "A128KW", "enc": "A128GCM"}
ZIPPED = {**HEADER, "zip": "DEF"}
KEY = {"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZg"}
NAMES = [*HEADER.values(), "DEF"]


def by_jwcrypto(header):
    token = JWE(TEXT, json.dumps(header))
    token.add_recipient(JWK(**KEY))
    return token.serialize(True)


def by_joserfc(header):
    return joserfc.encrypt_compact(header, TEXT, OctKey.import_key(KEY), algorithms=NAMES)


for write in by_jwcrypto, by_joserfc:
    assert JweCompact(write(HEADER)).decrypt(Jwk(KEY)) == TEXT
    token = write(ZIPPED)
    assert joserfc.decrypt_compact(token, OctKey.import_key(KEY), algorithms=NAMES).plaintext == TEXT
    opened = JweCompact(token).decrypt(Jwk(KEY))
    print(f"{write.__name__}: {bytes(opened)}")
    assert zlib.decompress(opened, -15) == TEXT
    try:
        json.loads(opened)
        raise SystemExit(1)
    except UnicodeDecodeError as error:
        print("JSON:", error)
PYTHON
