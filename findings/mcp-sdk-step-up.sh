#!/bin/sh
# @modelcontextprotocol/sdk 1.32.2 (npm) answers `insufficient_scope` with a refresh where it can, and then never asks the user.
#
# RFC 6750 section 3.1 lets the resource server name the scope that is needed, and RFC 6749 section 6 lets no refresh
# add to what was granted. A client that holds a refresh token refreshes all the same, without a scope, sends the request
# again, and fails: "Server returned 403 after trying upscoping". Where it holds none it opens the browser, with just the
# scope that the 403 named and without those it had. So whether the step-up comes depends on the first log-in, and a
# server that wants the old scopes to be kept has to name them in its challenge.
#
# Seen on 2026-11-28: with a refresh token no redirect at all; without one a redirect for "write" and not "read write".
#
# Needs node 20 with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

let seen = [];
const http = createServer(async (request, response) => {
  const origin = `http://127.0.0.1:${http.address().port}`;
  const body = await text(request);
  const answer = (status, value, headers) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));
  };
  if (request.url.startsWith("/.well-known/oauth-protected-resource")) {
    answer(200, { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ["read", "write"] });
  } else if (request.url.startsWith("/.well-known/oauth-authorization-server")) {
    answer(200, { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`,
      response_types_supported: ["code"], grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"], token_endpoint_auth_methods_supported: ["none"] });
  } else if (request.url === "/token") {
    const form = new URLSearchParams(body);
    seen.push(`${form.get("grant_type")}, scope ${form.get("scope")}`);
    answer(200, { access_token: "second", token_type: "Bearer", scope: "read", refresh_token: "refresh" });
  } else if (request.method === "POST") {
    const { id, method, params } = JSON.parse(body);
    if (method === "initialize") {
      answer(200, { jsonrpc: "2.0", id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} },
        serverInfo: { name: "server", version: "1" } } });
    } else if (id === undefined) {
      response.writeHead(202).end();
    } else {
      seen.push(`${method}, ${request.headers.authorization}`);
      answer(403, {}, { "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write", ' +
        `resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"` });
    }
  } else {
    response.writeHead(405).end();
  }
}).listen(0, "127.0.0.1");
await new Promise((done) => http.on("listening", done));

/** What happens when a client that was granted "read" calls a tool that needs "write". */
async function call(refreshToken) {
  seen = [];
  let tokens = { access_token: "first", token_type: "Bearer", scope: "read", ...refreshToken };
  const authProvider = {
    redirectUrl: "http://127.0.0.1/callback", clientMetadata: { redirect_uris: ["http://127.0.0.1/callback"] },
    clientInformation: () => ({ client_id: "app" }), tokens: () => tokens, saveTokens: (saved) => { tokens = saved; },
    saveCodeVerifier() {}, codeVerifier: () => "v".repeat(43),
    redirectToAuthorization: (url) => { seen.push(`browser, scope ${url.searchParams.get("scope")}`); },
  };
  const client = new Client({ name: "client", version: "1" });
  const server = new URL(`http://127.0.0.1:${http.address().port}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(server, { authProvider }));
  await assert.rejects(client.callTool({ name: "any" }), (error) => (seen.push(error.message), true));
  await client.close();
  console.log(seen);
  return seen;
}

assert.deepEqual(await call({ refresh_token: "refresh" }), ["tools/call, Bearer first", "refresh_token, scope null",
  "tools/call, Bearer second", "Streamable HTTP error: Server returned 403 after trying upscoping"]);
assert.deepEqual(await call({}), ["tools/call, Bearer first", "browser, scope write", "Unauthorized"]);
http.close();
http.closeAllConnections();
NODE
