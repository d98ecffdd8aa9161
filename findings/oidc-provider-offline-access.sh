#!/bin/sh
# oidc-provider 9.13.3 (npm) drops the scope offline_access without a word unless the request says `prompt=consent`.
#
# OpenID Connect Core section 11 wants that prompt, unless other conditions for offline access are in place. Without it
# there is no error: the user logs in, consents to what is left, and the client has tokens without `refresh_token`. RFC
# 6749 section 3.3 has the answer name its `scope` where it is another than the one asked for, and that is all that
# tells. The client here is registered for the grant refresh_token; `prompt=login` is not enough.
#
# Seen on 2026-11-28: with prompt=consent a refresh token and "openid offline_access", else none and "openid".
#
# Needs node 20 with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3
node --input-type=module - 2> notices <<'NODE'
import assert from "node:assert";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const redirect = "https://app.example/callback";
const verifier = "v".repeat(43);
const http = createServer().listen(0, "127.0.0.1");
await new Promise((done) => http.on("listening", done));
const issuer = `http://127.0.0.1:${http.address().port}`;
http.on("request", new Provider(issuer, { clients: [{
  client_id: "app", client_secret: "secret", redirect_uris: [redirect], response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token"],
}] }).callback());

/** The page or redirect for a request, with the cookies of the user so far. */
async function visit(cookies, url, body) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { cookie }, redirect: "manual" });
  for (const set of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]*)=([^;]*)/.exec(set);
    value ? cookies.set(name, value) : cookies.delete(name);
  }
  return answer;
}

/** What the token endpoint answers after a user has logged in and said yes to each page. */
async function logIn(extra) {
  const cookies = new Map();
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  let body, url = `${issuer}/auth?${new URLSearchParams({
    client_id: "app", response_type: "code", scope: "openid offline_access", redirect_uri: redirect,
    code_challenge: challenge, code_challenge_method: "S256", ...extra })}`;
  for (let pages = 0; pages < 12 && !url.startsWith(redirect); pages++) {
    const answer = await visit(cookies, url, body);
    body = undefined;
    if (answer.headers.get("location")) {
      url = new URL(answer.headers.get("location"), url).href;
      continue;
    }
    const page = await answer.text();
    url = new URL(/action="([^"]+)"/.exec(page)[1], url).href;
    body = new URLSearchParams({ prompt: /name="prompt" value="(\w+)"/.exec(page)[1], login: "alice", password: "any" });
  }
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("app:secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code: new URL(url).searchParams.get("code"),
      redirect_uri: redirect, code_verifier: verifier }),
  });
  return answer.json();
}

const seen = {};
for (const prompt of [undefined, "login", "consent"]) {
  const answer = await logIn(prompt ? { prompt } : {});
  assert(answer.access_token, JSON.stringify(answer));
  seen[prompt ?? "no prompt"] = `${answer.scope}, ${answer.refresh_token ? "refresh token" : "no refresh token"}`;
}
console.log(seen);
assert.deepEqual(seen, { "no prompt": "openid, no refresh token", login: "openid, no refresh token",
  consent: "openid offline_access, refresh token" });
http.close();
NODE
