// An OpenID provider on loopback. Prints one line of JSON, its issuer and a token that it gave, and
// serves until standard input ends; the argument is the folder with node_modules.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const library = createRequire(`${process.argv[2]}/`).resolve("oidc-provider");
const { Provider } = await import(library);

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const client = { client_id: "job", client_secret: "known to this test alone" };
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] },
  clients: [
    {
      ...client,
      token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: "ES256",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
  ],
  ttl: { ClientCredentials: 600 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        audience: "api",
        scope: "",
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});
server.on("request", provider.callback());

const response = await fetch(`${issuer}/token`, {
  method: "POST",
  body: new URLSearchParams({ ...client, grant_type: "client_credentials", resource: "urn:api" }),
});
const answer = await response.json();
if (!answer.access_token) throw new Error(JSON.stringify(answer));
console.log(JSON.stringify({ issuer, token: answer.access_token }));

process.stdin.resume().on("end", () => process.exit());
