#!/bin/sh
# simple-oauth2 5.1.0 (npm) reports the success of a revocation as an error.
#
# RFC 7009 section 2.2 answers with status 200 and has the client ignore the body, so servers send none. `revoke()`
# and `revokeAll()` of simple-oauth2 want JSON and reject: "The content-type is not JSON compatible". The token is
# gone by then; `revokeAll()` stops after the first, and the refresh token stays good. Where the server adds an
# empty JSON object, all is well.
#
# Seen on 2026-11-27: of two revocations one was sent, and it was reported as failed though it was done.
#
# Needs node with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts simple-oauth2@5.1.0
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createServer } from "node:http";
import { ClientCredentials } from "simple-oauth2";

const seen = [];
let body = "";
const http = createServer(async (request, response) => {
  let form = "";
  for await (const part of request) form += part;
  seen.push(new URLSearchParams(form).get("token"));
  if (body) response.setHeader("Content-Type", "application/json");
  response.end(body);
}).listen(0, "127.0.0.1");
await new Promise((done) => http.on("listening", done));
const tokenHost = `http://127.0.0.1:${http.address().port}`;
const client = new ClientCredentials({ client: { id: "app", secret: "secret" }, auth: { tokenHost } });
const token = client.createToken({ access_token: "access", refresh_token: "refresh" });

await assert.rejects(token.revoke("access_token"), (error) => {
  console.log(error.message);
  return error.message === "The content-type is not JSON compatible";
});
await assert.rejects(token.revokeAll());
assert.deepEqual(seen.splice(0), ["access", "access"]);
body = "{}";
await token.revokeAll();
assert.deepEqual(seen, ["access", "refresh"]);
http.close();
NODE
