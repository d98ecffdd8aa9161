#!/bin/sh
# pywebpush 2.5.0 (Python) writes `aud` into the claims that it was handed, and sends a token for that push service to all others.
#
# RFC 8292 section 2 has the origin of the push service in `aud`, so each service wants a token of its own. `webpush()` takes
# `aud` from the endpoint, unless the claims have one, and puts it into the caller's dictionary. Whoever keeps the claims in a
# constant and sends to subscribers of two browsers has the origin of the first in every token, and which service refuses it
# (403) depends on who was first. `exp` stays there in the same way until it is over. A dictionary made anew for each call
# avoids it.
#
# Seen on 2026-11-28: `aud` https://push-a.example in the token for https://push-b.example.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pywebpush==2.5.0 pyjwt==2.15.1
cd "$folder"
venv/bin/python - <<'PYTHON'
import base64
import re

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid
from pywebpush import webpush


def text(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
vapid = Vapid()
vapid.generate_keys()


def audience(origin, claims):
    """The `aud` of the token that would be sent to a subscriber of this push service."""
    subscription = {"endpoint": f"{origin}/send/1", "keys": {"p256dh": text(point), "auth": text(bytes(16))}}
    request = webpush(subscription, "hello", vapid, claims, curl=True)
    assert f"{origin}/send/1" in request
    return jwt.decode(re.search(r"t=([\w.-]+)", request)[1], options={"verify_signature": False})["aud"]


CLAIMS = {"sub": "mailto:admin@example.com"}
seen = [audience("https://push-a.example", CLAIMS), audience("https://push-b.example", CLAIMS)]
print(seen, sorted(CLAIMS))
assert seen == ["https://push-a.example", "https://push-a.example"]
assert sorted(CLAIMS) == ["aud", "exp", "sub"]
assert audience("https://push-b.example", {"sub": "mailto:admin@example.com"}) == "https://push-b.example"
PYTHON
