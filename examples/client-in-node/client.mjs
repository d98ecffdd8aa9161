// A small client: alice logs in, and it asks an API for her.

import { createRemoteJWKSet, jwtVerify } from "jose";

export const issuer = process.env.JOTT_ISSUER;

export class Client {
  static async login() {
    const client = new Client();
    const person = { username: "alice", password: "wonderland", scope: "openid items:read" };
    client.tokens = await client.getTokens({ grant_type: "password", ...person });
    return client;
  }

  async getTokens(form) {
    const body = new URLSearchParams({ client_id: "demo-app", ...form });
    const response = await fetch(`${issuer}/token`, { method: "POST", body });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return response.json();
  }

  // Who logged in, as the ID token says.
  async user() {
    const token = this.tokens.id_token;
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks.json`));
    const expected = { algorithms: ["RS256"], issuer, audience: "demo-app" };
    const { payload } = await jwtVerify(token, keys, { ...expected, requiredClaims: ["exp", "sub"] });
    return payload.sub;
  }

  // What the API has, with a new token where it no longer takes the old one.
  async items() {
    let response = await this.#ask();
    if (response.status === 401) {
      const { refresh_token } = this.tokens;
      const newer = await this.getTokens({ grant_type: "refresh_token", refresh_token });
      this.tokens = { ...this.tokens, ...newer };
      response = await this.#ask();
    }
    if (!response.ok) throw new Error(`the API answers ${response.status}`);
    return (await response.json()).items;
  }

  #ask() {
    const headers = { Authorization: `Bearer ${this.tokens.access_token}` };
    return fetch(`${issuer}/items`, { headers });
  }
}
