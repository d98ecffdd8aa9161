#!/bin/sh
# py-vapid 1.9.6 (Python) refuses the headers of other libraries for the space after its comma: "Incorrect schema specified".
#
# RFC 8292 section 3 shows `vapid t=…, k=…`, and RFC 9110 section 5.6.1.2 has readers of such a list take spaces around the
# comma. `Vapid02.verify` cuts the header at its last space and takes all before it, token and comma, for the scheme. What
# py-vapid writes itself has no space, so it passes; of web-push 3.6.7 and @pushforge/builder 2.0.5 (npm) it takes nothing,
# while token, key and signature are good. Without that space it verifies both.
#
# Seen on 2026-11-28: two AssertionErrors, and True for the same two headers without the space.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check py-vapid==1.9.6
npm install --silent --no-audit --no-fund --ignore-scripts web-push@3.6.7 @pushforge/builder@2.0.5
node --input-type=module - <<'NODE'
import { createECDH, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { buildPushHTTPRequest } from "@pushforge/builder";
import webPush from "web-push";

const CONTACT = "mailto:admin@example.com";
const receiver = createECDH("prime256v1");
const keys = { p256dh: receiver.generateKeys("base64url"), auth: Buffer.alloc(16).toString("base64url") };
const { publicKey, privateKey } = webPush.generateVAPIDKeys();
const privateJWK = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
const { headers } = await buildPushHTTPRequest({ privateJWK, subscription: { endpoint: "https://push.example/1", keys },
  message: { payload: "hello", adminContact: CONTACT } });
writeFileSync("headers.json", JSON.stringify({
  "web-push": webPush.getVapidHeaders("https://push.example", CONTACT, publicKey, privateKey, "aes128gcm").Authorization,
  "@pushforge/builder": new Headers(headers).get("Authorization"),
}));
NODE
venv/bin/python - <<'PYTHON'
import json

from py_vapid import Vapid02

own = Vapid02()
own.generate_keys()
written = own.sign({"sub": "mailto:admin@example.com", "aud": "https://push.example"})["Authorization"]
assert ", k=" not in written and Vapid02.verify(written) is True
for library, header in json.load(open("headers.json")).items():
    assert header.startswith("vapid t=") and ", k=" in header
    try:
        Vapid02.verify(header)
        raise SystemExit(1)
    except AssertionError as error:
        print(f"{library}: {error}")
        assert str(error) == "Incorrect schema specified"
    assert Vapid02.verify(header.replace(", k=", ",k=")) is True
PYTHON
