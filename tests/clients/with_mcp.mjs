// What the SDKs of the Model Context Protocol do with `/mcp`, once they have a token; flows.mjs has the
// arguments.

import assert from "node:assert/strict";

import { issuer, library, run } from "./flows.mjs";

const first = {
  ...(await library("@modelcontextprotocol/sdk/client/index.js")),
  ...(await library("@modelcontextprotocol/sdk/client/streamableHttp.js")),
};
const second = await library("@modelcontextprotocol/client");

async function token(scope) {
  const alice = { username: "alice", password: "wonderland", scope };
  const body = new URLSearchParams({ grant_type: "password", ...alice });
  const response = await fetch(`${issuer}/token`, { method: "POST", body });
  return (await response.json()).access_token;
}

// A client of a revision of the SDK, that may have options.
async function connected(sdk, scope, options = {}) {
  const headers = { Authorization: `Bearer ${await token(scope)}` };
  const client = new sdk.Client({ name: "a test", version: "1" }, options);
  const place = new URL(`${issuer}/mcp`);
  await client.connect(new sdk.StreamableHTTPClientTransport(place, { requestInit: { headers } }));
  return client;
}

async function calls(sdk, options) {
  const client = await connected(sdk, "mcp:read mcp:write", options);
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ["whoami", "write_note"],
  );
  const told = await client.callTool({ name: "whoami", arguments: {} });
  const { sub, client_id } = told.structuredContent;
  assert.deepEqual([sub, client_id], ["alice", "demo-app"]);
  const noted = await client.callTool({ name: "write_note", arguments: { text: "milk" } });
  assert.equal(noted.isError, false);
  await client.close();
  const reader = await connected(sdk, "mcp:read", options);
  await assert.rejects(reader.callTool({ name: "write_note", arguments: { text: "milk" } }));
  await reader.close();
}

await run({
  handshake: async () => {
    await calls(first);
    await calls(second);
  },
  stateless: () => calls(second, { versionNegotiation: { mode: "auto" } }),
});
