#!/bin/sh
# oauth4webapi 3.8.8 (npm) sends the client `my-app` as `my%2Dapp` in HTTP Basic, and @node-oauth/oauth2-server 5.3.0 looks that up.
#
# RFC 6749 section 2.3.1 wants client id and secret form-encoded before Basic, and each side has a reading of it.
# oauth4webapi, the core of openid-client, encodes all but letters and digits, `-`, `_`, `.` and `~` too, which
# needs no encoding; the server library decodes nothing and asks its model for a client `my%2Dapp`. So a client
# id with a hyphen, as most are, is unknown, while Authlib 1.9.10 and requests-oauth2client 1.8.0, which encode
# nothing, get their token. simple-oauth2 5.1.0 encodes by default as well, and leaves the hyphen.
#
# Seen on 2026-11-27: for id `my-app` and secret `a+b` four clients send three different headers.
#
# Needs node with npm, python3 with venv, npm and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 requests-oauth2client==1.8.0 requests==2.34.2
npm install --silent --no-audit --no-fund --ignore-scripts oauth4webapi@3.8.8 simple-oauth2@5.1.0 @node-oauth/oauth2-server@5.3.0
cat > clients.py <<'PYTHON'
import os
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from authlib.integrations.requests_client import OAuth2Session
from requests_oauth2client import ClientSecretBasic, OAuth2Client

url = sys.argv[1]
OAuth2Session("my-app", "a+b").fetch_token(url, grant_type="client_credentials")
OAuth2Client(url, ClientSecretBasic("my-app", "a+b"), testing=True).client_credentials()
PYTHON
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import OAuth2Server from "@node-oauth/oauth2-server";
import * as oauth4webapi from "oauth4webapi";
import { ClientCredentials } from "simple-oauth2";

const headers = [];
const http = createServer((request, response) => {
  headers.push(Buffer.from(request.headers.authorization.split(" ")[1], "base64").toString());
  response.setHeader("Content-Type", "application/json").end('{"access_token":"a","token_type":"Bearer"}');
}).listen(0, "127.0.0.1");
await new Promise((done) => http.on("listening", done));
const issuer = `http://127.0.0.1:${http.address().port}`;
await oauth4webapi.clientCredentialsGrantRequest(
  { issuer, token_endpoint: `${issuer}/token` }, { client_id: "my-app" }, oauth4webapi.ClientSecretBasic("a+b"), {},
  { [oauth4webapi.allowInsecureRequests]: true });
await new ClientCredentials({ client: { id: "my-app", secret: "a+b" }, auth: { tokenHost: issuer } }).getToken({});
await promisify(execFile)("venv/bin/python", ["-W", "ignore", "clients.py", `${issuer}/token`]);
http.close();
console.log(headers);
assert.deepEqual(headers, ["my%2Dapp:a%2Bb", "my-app:a%2Bb", "my-app:a+b", "my-app:a+b"]);

const asked = [];
const server = new OAuth2Server({ model: {
  getClient: (id, secret) => (asked.push([id, secret]), id === "my-app" && secret === "a+b" && { id, grants: ["client_credentials"] }),
  getUserFromClient: () => ({ id: 1 }),
  saveToken: (token, client, user) => ({ ...token, client, user }),
} });
const token = (header) => server.token(
  new OAuth2Server.Request({ method: "POST", query: {}, body: { grant_type: "client_credentials" }, headers: {
    authorization: `Basic ${Buffer.from(header).toString("base64")}`,
    "content-type": "application/x-www-form-urlencoded", "content-length": "29", "transfer-encoding": "chunked" } }),
  new OAuth2Server.Response({}));
assert((await token("my-app:a+b")).accessToken);
await assert.rejects(token("my%2Dapp:a%2Bb"), { name: "invalid_client" });
console.log("asked for", asked);
assert.deepEqual(asked.at(-1), ["my%2Dapp", "a%2Bb"]);
NODE
