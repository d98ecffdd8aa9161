#!/bin/sh
# josepy 2.2.0 (Python), the JOSE library of certbot, loses `kid`, `alg`, `use` and `key_ops` of each JWK that it reads and writes.
#
# RFC 7517 section 4 lets a reader ignore members that it does not understand; these four are of the RFC itself. `JWK` has
# nothing but the numbers of the key, and `to_json` nothing else to write. A set that went through it has keys without names:
# jose 6.2.18 (npm) finds none for a token that names its `kid`, though the key is there, and PyJWT 2.15.1 says the same. A key
# for encryption is one for everything afterwards. The thumbprint (RFC 7638) stays, as none of the four is in it.
#
# Seen on 2026-11-28: {"kty","crv","x","y"} of a key with four members more, and two refusals of a good token.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check josepy==2.2.0 joserfc==1.8.0 pyjwt==2.15.1
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
venv/bin/python -W ignore - <<'PYTHON'
import base64
import json

import josepy
import jwt
from joserfc import jwt as joserfc
from joserfc.jwk import ECKey

NAMED = {"kid": "2026-11", "alg": "ES256", "use": "sig", "key_ops": ["verify"]}
key = ECKey.generate_key("P-256")
public = {**key.as_dict(private=False), **NAMED}
token = joserfc.encode({"alg": "ES256", "kid": "2026-11"}, {"sub": "alice"}, key)
read = josepy.JWK.from_json(public)
written = read.to_json()
print(sorted(public), sorted(written))
assert written == {name: public[name] for name in ("kty", "crv", "x", "y")}
assert base64.urlsafe_b64encode(read.thumbprint()).decode().rstrip("=") == key.thumbprint()


def verify(keys):
    chosen = jwt.PyJWKSet.from_dict({"keys": keys})["2026-11"]
    return jwt.decode(token, chosen, ["ES256"])


assert verify([public]) == {"sub": "alice"}
try:
    verify([written])
    raise SystemExit(1)
except KeyError as error:
    print("PyJWT:", error)
json.dump({"token": token, "before": {"keys": [public]}, "after": {"keys": [written]}}, open("made.json", "w"))
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";

const { token, before, after } = JSON.parse(readFileSync("made.json"));
assert.equal((await jwtVerify(token, createLocalJWKSet(before))).payload.sub, "alice");
await assert.rejects(jwtVerify(token, createLocalJWKSet(after)),
  (error) => (console.log("jose:", error.message), error.code === "ERR_JWKS_NO_MATCHING_KEY"));
NODE
