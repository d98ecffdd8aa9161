#!/bin/sh
# requests-oauth2client 1.8.0 (Python) makes the DPoP proof for `/a:b` where it sends a request to `/a%3Ab`.
#
# RFC 9449 section 4.3 compares `htu` with the request's URI after the normalisation of RFC 3986 section 6.2.2,
# which decodes letters, digits and `-._~`, and leaves `%3A` alone: section 2.2 there says that a reserved character
# and its encoding are different URIs. The library (by way of furl) decodes `:` and `=` too, and the request goes
# out as written. oauth4webapi 3.8.8 (npm), as the resource server, refuses it: "DPoP Proof htu mismatch". URNs and
# base64 in a path are where this is met; a path without them is fine.
#
# Seen on 2026-11-27: requests for /plain accepted, for /urn%3Aisbn%3A1 and /YQ%3D%3D refused.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check requests-oauth2client==1.8.0 furl==2.1.4 requests==2.34.2
npm install --silent --no-audit --no-fund --ignore-scripts oauth4webapi@3.8.8 jose@6.2.18
cat > call.py <<'PYTHON'
import sys

import requests
from requests_oauth2client import DPoPKey, DPoPToken

server, *paths = sys.argv[1:]
key = DPoPKey.generate(alg="ES256")
token = requests.get(f"{server}/token", params={"jkt": key.public_jwk.thumbprint()}).text
for path in paths:
    requests.get(server + path, auth=DPoPToken(token, _dpop_key=key))
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { customFetch, validateJwtAccessToken } from "oauth4webapi";

const { privateKey, publicKey } = await generateKeyPair("ES256");
const jwks = { keys: [await exportJWK(publicKey)] };
const issuer = "https://issuer.example";
const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
const options = { [customFetch]: async () => Response.json(jwks) };
const seen = {};
const issue = (jkt) =>
  new SignJWT({ client_id: "app", cnf: { jkt } })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt" })
    .setIssuer(issuer).setAudience("api").setSubject("alice").setJti("1").setIssuedAt().setExpirationTime("5m")
    .sign(privateKey);
const http = createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${http.address().port}`);
  if (url.pathname === "/token") return response.end(await issue(url.searchParams.get("jkt")));
  const { htu } = JSON.parse(Buffer.from(request.headers.dpop.split(".")[1], "base64url"));
  let verdict = "accepted";
  try {
    await validateJwtAccessToken(metadata, new Request(url, { headers: request.headers }), "api", options);
  } catch (error) {
    verdict = error.message;
  }
  seen[request.url] = [new URL(htu).pathname, verdict];
  response.end();
}).listen(0, "127.0.0.1");
await new Promise((done) => http.on("listening", done));
const paths = ["/plain", "/urn%3Aisbn%3A1", "/YQ%3D%3D"];
await promisify(execFile)("venv/bin/python", ["call.py", `http://127.0.0.1:${http.address().port}`, ...paths]);
http.close();
console.log(seen);
assert.deepEqual(seen, {
  "/plain": ["/plain", "accepted"],
  "/urn%3Aisbn%3A1": ["/urn:isbn:1", "DPoP Proof htu mismatch"],
  "/YQ%3D%3D": ["/YQ==", "DPoP Proof htu mismatch"],
});
NODE
