#!/bin/sh
# @modelcontextprotocol/conformance 0.2.0-alpha.12 sends no client secret to a server that has public clients, too.
#
# `conformance authorization --client-id ID --client-secret SECRET` takes the first of `none`, `client_secret_post`
# and `client_secret_basic` that is in `token_endpoint_auth_methods_supported`, whether it was given a secret or not.
# RFC 6749 section 3.2.1 has a client that was issued credentials authenticate itself. So a server that is right, and
# lists `none` for others, answers `invalid_client`, and the check authorization-code-grant fails; without `none` in
# its metadata the same server passes.
#
# Seen on 2026-11-27: with ["none", "client_secret_basic"] FAILURE and no Authorization, with
# ["client_secret_basic"] SUCCESS and Basic.
#
# Needs Node.js with npm, and its registry. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module", "allowScripts": {"node": true}}' > package.json
npm install --silent --no-audit --no-fund @modelcontextprotocol/conformance@0.2.0-alpha.12 node@22.23.3
cat > server.js <<'JS'
// A server with one client, who has a secret. Runs the suite against itself, and says how that went.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const basic = `Basic ${Buffer.from("app:secret").toString("base64")}`;

async function run(methods, folder) {
  let sent;
  const server = createServer(async (request, response) => {
    const answer = (status, body) =>
      response
        .writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" })
        .end(JSON.stringify(body));
    const url = new URL(request.url, issuer);
    if (url.pathname === "/.well-known/oauth-authorization-server") {
      return answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: methods,
      });
    }
    if (url.pathname === "/authorize") {
      const back = new URL(url.searchParams.get("redirect_uri"));
      back.searchParams.set("code", "a-code");
      back.searchParams.set("state", url.searchParams.get("state"));
      return response.writeHead(303, { Location: back.href }).end();
    }
    const form = new URLSearchParams(await text(request));
    sent = { header: request.headers.authorization, body: form.has("client_secret") };
    return request.headers.authorization === basic
      ? answer(200, { access_token: "a-token", token_type: "Bearer" })
      : answer(400, { error: "invalid_client" });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const program = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
  const client = ["--client-id", "app", "--client-secret", "secret"];
  const all = ["--url", issuer, "--port", "38471", "--output-dir", folder, ...client];
  const suite = spawn(process.execPath, [program, "authorization", ...all]);
  suite.stdout.on("data", (said) => {
    const place = /^http:.*\/authorize\?.*$/m.exec(said);
    if (place) fetch(place[0]);
  });
  await new Promise((done) => suite.on("exit", done));
  server.close();
  const scenario = readdirSync(folder).find((name) => name.includes("code-grant"));
  const [check] = JSON.parse(readFileSync(`${folder}/${scenario}/checks.json`, "utf8"));
  return `${check.status}, header ${sent.header ? "Basic" : "none"}, secret in the body ${sent.body}`;
}

const found = [
  await run(["none", "client_secret_basic"], "first"),
  await run(["client_secret_basic"], "second"),
];
console.log(found.join("\n"));
const expected = [
  "FAILURE, header none, secret in the body false",
  "SUCCESS, header Basic, secret in the body false",
];
process.exit(found.join() === expected.join() ? 0 : 1);
JS
node_modules/node/bin/node server.js
