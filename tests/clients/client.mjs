// A client on this machine: it makes authorization requests, and waits at its callback.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { issuer } from "./flows.mjs";

const PAGE = `<!doctype html>
<html lang="en">
<title>A client</title>
<link rel="icon" href="data:,">
<h1>Back at the client</h1>
`;

export class Client {
  #server;
  #answers = [];

  static async start(id = "demo-app") {
    const client = new Client();
    client.id = id;
    client.verifier = randomBytes(32).toString("base64url");
    client.state = randomBytes(8).toString("hex");
    client.#server = createServer({ maxHeaderSize: 1 << 20 }, async (request, response) => {
      const form = new URLSearchParams(await text(request));
      const { searchParams: query } = new URL(request.url, client.callback);
      const parameters = request.method === "POST" ? form : query;
      client.#answers.push({ method: request.method, ...Object.fromEntries(parameters) });
      response.setHeader("Content-Type", "text/html; charset=utf-8").end(PAGE);
    });
    client.#server.listen(0, "127.0.0.1");
    await once(client.#server, "listening");
    client.callback = `http://127.0.0.1:${client.#server.address().port}/callback`;
    return client;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  // The URL that the browser is sent to; a parameter that is undefined is left out.
  request(changes = {}) {
    const parameters = {
      response_type: "code",
      client_id: this.id,
      redirect_uri: this.callback,
      scope: "openid items:read",
      state: this.state,
      code_challenge: createHash("sha256").update(this.verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...changes,
    };
    const url = new URL(`${issuer}/authorize`);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  get answers() {
    return this.#answers;
  }

  // The one answer that came to the callback.
  answer(method = "GET") {
    const [answer, ...others] = this.#answers;
    assert.deepEqual(others, []);
    assert.ok(answer, "no answer came");
    assert.deepEqual([answer.method, answer.state, answer.iss], [method, this.state, issuer]);
    return answer;
  }

  // Exchanges the code that came for tokens.
  async redeem({ code }) {
    const form = {
      grant_type: "authorization_code",
      client_id: this.id,
      code,
      redirect_uri: this.callback,
      code_verifier: this.verifier,
    };
    const body = new URLSearchParams(form);
    const response = await fetch(`${issuer}/token`, { method: "POST", body });
    const tokens = await response.json();
    assert.equal(response.status, 200, JSON.stringify(tokens));
    return tokens;
  }
}
