// What the SDKs of the Model Context Protocol do with `/mcp`: once they have a token, and from the first 401
// on. flows.mjs has the arguments.

import assert from "node:assert/strict";

import { control, issuer, library, more, registrations, run } from "./flows.mjs";

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

// What an application keeps for an SDK that logs in.
class Provider {
  asked = [];
  redirectUrl = "http://127.0.0.1:9/callback";
  #kept = {};

  constructor(clientMetadataUrl) {
    this.clientMetadataUrl = clientMetadataUrl;
  }

  get clientMetadata() {
    const grant_types = ["authorization_code", "refresh_token"];
    return { client_name: "a test", redirect_uris: [this.redirectUrl], grant_types };
  }

  state = () => "state";
  clientInformation = () => this.#kept.client;
  saveClientInformation = (client) => (this.#kept.client = client);
  tokens = () => this.#kept.tokens;
  saveTokens = (tokens) => (this.#kept.tokens = tokens);
  saveDiscoveryState = (found) => (this.#kept.found = found);
  discoveryState = () => this.#kept.found;
  saveCodeVerifier = (verifier) => (this.#kept.verifier = verifier);
  codeVerifier = () => this.#kept.verifier;
  redirectToAuthorization = (url) => this.asked.push(url);

  // What a browser brings back, where nobody is asked.
  async answer() {
    const response = await fetch(this.asked.at(-1), { redirect: "manual" });
    assert.equal(response.status, 303);
    return new URL(response.headers.get("location")).searchParams;
  }
}

// A client that has logged in, and how it finishes what it began in a browser.
async function loggedIn(sdk, provider, finish) {
  const place = new URL(`${issuer}/mcp`);
  const transport = () => new sdk.StreamableHTTPClientTransport(place, { authProvider: provider });
  const client = () => new sdk.Client({ name: "a test", version: "1" });
  const first = transport();
  await assert.rejects(client().connect(first), /Unauthorized/);
  await finish(first, await provider.answer());
  const connected = client();
  const second = transport();
  await connected.connect(second);
  return { client: connected, finish: async () => finish(second, await provider.answer()) };
}

const finishes = {
  first: (transport, answer) => transport.finishAuth(answer.get("code")),
  second: (transport, answer) => transport.finishAuth(answer),
};

const whoami = async (client) => {
  const { structuredContent } = await client.callTool({ name: "whoami", arguments: {} });
  return structuredContent;
};

const writes = (client) => client.callTool({ name: "write_note", arguments: { text: "milk" } });

// Half an hour later the access token is over, and nobody is asked again.
async function refreshes(client, provider) {
  const { access_token: before } = provider.tokens();
  const asked = provider.asked.length;
  await control("clock", { advance: "31m" });
  assert.equal((await whoami(client)).sub, "alice");
  assert.notEqual(provider.tokens().access_token, before);
  assert.equal(provider.asked.length, asked);
}

// Version 1.32 answers `insufficient_scope` with a refresh, and gives up.
async function firstLogsIn(url) {
  const provider = new Provider(url);
  const { client } = await loggedIn(first, provider, finishes.first);
  assert.equal((await whoami(client)).scope, "mcp:read");
  await assert.rejects(writes(client), /403 after trying upscoping/);
  assert.equal(provider.asked.length, 1);
  await refreshes(client, provider);
  await client.close();
  return provider;
}

// Version 2.4 logs in again with the scopes of both.
async function secondLogsIn(url) {
  const provider = new Provider(url);
  const { client, finish } = await loggedIn(second, provider, finishes.second);
  assert.equal((await whoami(client)).scope, "mcp:read offline_access");
  await assert.rejects(writes(client), /Unauthorized/);
  assert.equal(provider.asked.length, 2);
  await finish();
  assert.equal((await writes(client)).isError, false);
  assert.equal((await whoami(client)).scope, "mcp:read offline_access mcp:write");
  await refreshes(client, provider);
  await client.close();
  return provider;
}

async function registers(logsIn) {
  const provider = await logsIn();
  assert.equal(await registrations(), 1);
  const { client_id } = provider.clientInformation();
  assert.match(client_id, /^client-/);
}

async function hasDocument(logsIn) {
  const [url] = more;
  const provider = await logsIn(url);
  assert.equal(await registrations(), 0);
  assert.equal(provider.clientInformation().client_id, url);
}

// The ID token of who logs in at a provider that asks nobody.
async function idToken(provider, agent) {
  const verifier = "a-verifier-of-at-least-43-characters-0123456789";
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const redirect_uri = "http://127.0.0.1:9/callback";
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: agent.clientId,
    redirect_uri,
    scope: "openid",
    code_challenge: Buffer.from(hash).toString("base64url"),
    code_challenge_method: "S256",
  });
  const response = await fetch(`${provider}/authorize?${asked}`, { redirect: "manual" });
  const code = new URL(response.headers.get("location")).searchParams.get("code");
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri,
    code_verifier: verifier,
    client_id: agent.clientId,
    client_secret: agent.clientSecret,
  });
  const redeemed = await fetch(`${provider}/token`, { method: "POST", body });
  return (await redeemed.json()).id_token;
}

// A grant of the provider of a company, which a server takes that trusts it: nobody is asked there.
async function idJag() {
  const [provider] = more;
  const agent = { clientId: "agent", clientSecret: "agent-secret" };
  const assertion = async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => {
    const granted = await second.discoverAndRequestJwtAuthGrant({
      ...agent,
      idpUrl: provider,
      audience: authorizationServerUrl,
      resource: resourceUrl,
      idToken: await idToken(provider, agent),
      scope,
      fetchFn,
    });
    return granted.jwtAuthGrant;
  };
  const authProvider = new second.CrossAppAccessProvider({
    ...agent,
    assertion,
    expectedIssuer: issuer,
  });
  const client = new second.Client({ name: "a test", version: "1" });
  const place = new URL(`${issuer}/mcp`);
  await client.connect(new second.StreamableHTTPClientTransport(place, { authProvider }));
  const { sub, client_id, scope } = await whoami(client);
  assert.deepEqual([sub, client_id, scope], ["alice", "agent", "mcp:read"]);
  await client.close();
}

await run({
  id_jag: idJag,
  handshake: async () => {
    await calls(first);
    await calls(second);
  },
  stateless: () => calls(second, { versionNegotiation: { mode: "auto" } }),
  first_registers: () => registers(firstLogsIn),
  second_registers: () => registers(secondLogsIn),
  first_has_a_document: () => hasDocument(firstLogsIn),
  second_has_a_document: () => hasDocument(secondLogsIn),
});
