// `jott serve-demo -- node --test` runs this beside a server of its own, which each test breaks in its way.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Client, issuer } from "./client.mjs";

async function control(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  const order = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`${issuer}/_control/${path}`, order);
  assert.ok(response.ok, await response.text());
}

beforeEach(() => control("reset"));

test("alice has no items", async () => {
  const client = await Client.login();
  assert.equal(await client.user(), "alice");
  assert.deepEqual(await client.items(), []);
});

test("an access token that expired is replaced", async () => {
  const client = await Client.login();
  await control("clock", { advance: "31m" });
  assert.deepEqual(await client.items(), []);
});

test("an ID token that is not signed is refused", async () => {
  await control("faults", { fault: "alg-none", token: "id_token" });
  const client = await Client.login();
  await assert.rejects(client.user(), { code: "ERR_JOSE_ALG_NOT_ALLOWED" });
});

test("an ID token that expired is refused", async () => {
  await control("faults", { fault: "expired", token: "id_token" });
  const client = await Client.login();
  await assert.rejects(client.user(), { code: "ERR_JWT_EXPIRED" });
});
