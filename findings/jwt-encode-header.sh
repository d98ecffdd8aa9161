#!/bin/sh
# jwt-encode 1.0.1 (npm) writes the header of one token into every later one, and signs HS256 whatever `alg` it was given.
#
# `sign(claims, secret, header)` merges the header into the default of the module, so a `kid` or `typ` given once stays for
# all tokens of the process that give none. Of `alg` and `typ` it refuses a foreign one only where both are foreign: with
# {"alg":"HS512"} the header says so, and the signature is that of HS256 (RFC 7515 section 4.1.1 has `alg` name the algorithm
# that was used). jose 6.2.18 (npm) and PyJWT 2.15.1 find a bad signature: in the token that asked for HS512, and in the next
# ones, which asked for nothing. Whether a token is good depends on those before it.
#
# Seen on 2026-11-28: {"alg":"HS512","typ":"JWT","kid":"first"} over two signatures of HS256, the second asked for without a header.
#
# Needs node 20 with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1
npm install --silent --no-audit --no-fund --ignore-scripts jwt-encode@1.0.1 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { compactVerify } from "jose";
import sign from "jwt-encode";

const SECRET = "0123456789abcdef".repeat(4);
const KEY = new TextEncoder().encode(SECRET);
const before = sign({ sub: "alice" }, SECRET);
const asked = sign({ sub: "bob" }, SECRET, { alg: "HS512", kid: "first" });
const after = sign({ sub: "alice" }, SECRET);
const header = (token) => Buffer.from(token.split(".")[0], "base64url").toString();
console.log([before, asked, after].map(header));
assert.equal(header(before), '{"alg":"HS256","typ":"JWT"}');
await compactVerify(before, KEY);
for (const token of [asked, after]) {
  assert.equal(header(token), '{"alg":"HS512","typ":"JWT","kid":"first"}');
  const [signed, signature] = [token.slice(0, token.lastIndexOf(".")), token.split(".")[2]];
  assert.equal(createHmac("sha256", SECRET).update(signed).digest("base64url"), signature);
  await assert.rejects(compactVerify(token, KEY), (error) => (console.log("jose:", error.message), true));
}
writeFileSync("after", after);
NODE
venv/bin/python - <<'PYTHON'
import jwt

try:
    jwt.decode(open("after").read(), "0123456789abcdef" * 4, ["HS256", "HS512"])
    raise SystemExit(1)
except jwt.InvalidSignatureError as error:
    print("PyJWT:", error)
PYTHON
