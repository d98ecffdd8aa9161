#!/bin/sh
# sd-jwt 0.10.4 (PyPI) writes the JSON form of an SD-JWT as the drafts before RFC 9901 had it.
#
# RFC 9901 section 8.1 puts `disclosures` and `kb_jwt` into the unprotected header, and lets the proof of the holder's
# key cover the compact form of the first signature. This library has both at the top level, and hashes the text of its
# JSON with the disclosures behind tildes. So it and @sd-jwt/core 0.19.0 (npm), which does as the RFC says, cannot read
# each other's tokens: one ends in a KeyError, the other in a TypeError.
#
# Seen on 2026-11-28. The compact form of both is the same.
#
# Needs python3 with venv, node with npm, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sd-jwt==0.10.4
npm install --silent --no-audit --no-fund --ignore-scripts @sd-jwt/core@0.19.0
venv/bin/python - <<'PYTHON'
import base64
import hashlib
import json

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

issuer, holder = JWK.generate(kty="EC", crv="P-256"), JWK.generate(kty="EC", crv="P-256")
claims = {"iss": "https://issuer.example", SDObj("name"): "Ada"}
issued = SDJWTIssuer(claims, issuer, holder, serialization_format="json").sd_jwt_issuance
presenting = SDJWTHolder(issued, serialization_format="json")
presenting.create_presentation({"name": True}, "n-0S6", "https://verifier.example", holder)
token = json.loads(presenting.sd_jwt_presentation)
print("members:", sorted(token))
assert sorted(token) == ["disclosures", "kb_jwt", "payload", "protected", "signature"]


def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


[disclosure] = token["disclosures"]
compact = ".".join(token[part] for part in ("protected", "payload", "signature"))
covered = presenting.key_binding_jwt_payload["sd_hash"]
assert covered != digest(f"{compact}~{disclosure}~")
assert covered == digest(f"{issued}~{disclosure}~")
open("made.json", "w").write(json.dumps(token))
proof = token.pop("kb_jwt")
as_the_rfc_has_it = token | {"header": {"disclosures": token.pop("disclosures"), "kb_jwt": proof}}
try:
    SDJWTHolder(json.dumps(as_the_rfc_has_it), serialization_format="json")
    raise SystemExit(1)
except KeyError as error:
    print("sd-jwt, of what RFC 9901 has: KeyError", error)
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { FlattenJSON } from "@sd-jwt/core";

const made = JSON.parse(readFileSync("made.json", "utf8"));
assert.throws(
  () => FlattenJSON.fromSerialized(made),
  (error) => (console.log("@sd-jwt/core, of what sd-jwt makes:", error.message), error instanceof TypeError),
);
const { disclosures, kb_jwt, ...jws } = made;
assert.deepEqual(FlattenJSON.fromSerialized({ ...jws, header: { disclosures, kb_jwt } }).disclosures, disclosures);
NODE
