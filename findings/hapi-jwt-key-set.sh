#!/bin/sh
# @hapi/jwt 3.2.4 (npm) takes from a key set only RSA keys that say `"use":"sig"`, and does not start for a set without one.
#
# It verifies ES256 and EdDSA with a PEM, and lists them among its algorithms. Of a JWK Set it skips every key that is not RSA,
# has no `use`, which RFC 7517 section 4.2 makes optional, or has no `kid`, without a word. Where nothing is left `start()`
# rejects: "JWKS endpoint response contained no valid keys". Where an RSA key is left the server starts, and a token signed
# with the EC key beside it is answered with 401. So an issuer that moves from RS256 to ES256, or leaves `use`
# out, cuts such servers off.
#
# Seen on 2026-11-28: no start for an EC key and for an RSA key without `use`; with RSA and EC, 200 for RS256 and 401 for ES256.
#
# Needs node 20 with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @hapi/jwt@3.2.4 @hapi/hapi@21.4.10 jose@6.2.18
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createServer } from "node:http";
import Hapi from "@hapi/hapi";
import Jwt from "@hapi/jwt";
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, jwtVerify, SignJWT } from "jose";

const pairs = { RS256: await generateKeyPair("RS256"), ES256: await generateKeyPair("ES256") };
const key = async (alg, members) => ({ ...await exportJWK(pairs[alg].publicKey), kid: alg, ...members });
const token = (alg) => new SignJWT({ sub: "alice" }).setProtectedHeader({ alg, kid: alg }).setIssuedAt().sign(pairs[alg].privateKey);

/** The statuses for a token of each kind, by a server that has its keys from this set. */
async function ask(keys) {
  for (const { kid } of keys) await jwtVerify(await token(kid), createLocalJWKSet({ keys }));
  const issuer = createServer((_, response) => {
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys }));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => issuer.on("listening", done));
  const server = Hapi.server();
  await server.register(Jwt);
  server.auth.strategy("jwt", "jwt", { keys: { uri: `http://127.0.0.1:${issuer.address().port}/` },
    verify: { aud: false, iss: false, sub: false }, validate: () => ({ isValid: true }) });
  server.route({ method: "GET", path: "/", handler: () => "ok", options: { auth: "jwt" } });
  try {
    await server.initialize();
    return await Promise.all(keys.map(async ({ kid }) => (await server.inject({ url: "/",
      headers: { authorization: `Bearer ${await token(kid)}` } })).statusCode));
  } catch (error) {
    return error.message;
  } finally {
    await server.stop();
    issuer.close();
    issuer.closeAllConnections();
  }
}

const usual = await ask([await key("RS256", { use: "sig" })]);
const refused = [await ask([await key("ES256", { use: "sig" })]), await ask([await key("RS256", {})])];
const both = await ask([await key("RS256", { use: "sig" }), await key("ES256", { use: "sig" })]);
console.log({ usual, refused, both });
assert.deepEqual(usual, [200]);
for (const message of refused) assert.equal(message, "JWKS endpoint response contained no valid keys");
assert.deepEqual(both, [200, 401]);
const artifacts = Jwt.token.decode(await token("ES256"));
Jwt.token.verifySignature(artifacts, { key: await exportSPKI(pairs.ES256.publicKey), algorithm: "ES256" });
NODE
