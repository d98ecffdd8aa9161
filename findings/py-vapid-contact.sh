#!/bin/sh
# py-vapid 1.9.6 (Python) calls `sub` missing where it is the address of a contact page: "Missing 'sub' from claims".
#
# RFC 8292 section 2.1 has a contact URI in `sub`, either a mailto: URI or an https: one. The library takes of the latter only
# an origin: with a path, a port or even the slash after the host it refuses to sign. pywebpush 2.5.0, which signs by it,
# ends with the same words. A mailto: address with something behind it is taken. web-push 3.6.7 (npm) signs all of them.
#
# Seen on 2026-11-28: https://example.com is signed; https://example.com/, …/contact and …:8443 are not.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check py-vapid==1.9.6 pywebpush==2.5.0
npm install --silent --no-audit --no-fund --ignore-scripts web-push@3.6.7
venv/bin/python - <<'PYTHON'
import base64
import json

from py_vapid import Vapid, VapidException
from pywebpush import webpush

SIGNED = ["mailto:admin@example.com", "mailto:admin@example.com?subject=push", "https://example.com"]
REFUSED = ["https://example.com/", "https://example.com/contact", "https://example.com:8443"]
json.dump(SIGNED + REFUSED, open("contacts.json", "w"))
vapid = Vapid()
vapid.generate_keys()
for contact in SIGNED:
    assert vapid.sign({"sub": contact, "aud": "https://push.example"})
text = base64.urlsafe_b64encode(b"\4" + vapid.public_key.public_numbers().x.to_bytes(32, "big")
                                + vapid.public_key.public_numbers().y.to_bytes(32, "big")).decode()
subscription = {"endpoint": "https://push.example/1", "keys": {"p256dh": text, "auth": "A" * 22}}
WAYS = {
    "py-vapid": lambda contact: vapid.sign({"sub": contact, "aud": "https://push.example"}),
    "pywebpush": lambda contact: webpush(subscription, "hello", vapid, {"sub": contact}, curl=True),
}
for contact in REFUSED:
    for library, sign in WAYS.items():
        try:
            sign(contact)
            raise SystemExit(1)
        except VapidException as error:
            print(f"{library}, {contact}: {error}")
            assert "Missing 'sub' from claims" in str(error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import webPush from "web-push";

const { publicKey, privateKey } = webPush.generateVAPIDKeys();
for (const contact of JSON.parse(readFileSync("contacts.json"))) {
  const { Authorization } = webPush.getVapidHeaders("https://push.example", contact, publicKey, privateKey, "aes128gcm");
  const token = Authorization.slice("vapid t=".length).split(",")[0];
  assert.equal(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).sub, contact);
}
NODE
