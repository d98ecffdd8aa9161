// An OpenID provider on loopback, for every way to a token that it has: prints its issuer, and serves
// until standard input ends. The arguments are the folder with node_modules, and the file of a JWK Set
// with the public key of the client `signer`.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [home, keys] = process.argv.slice(2);
const library = createRequire(`${home}/`).resolve("oidc-provider");
const { Provider } = await import(library);

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const service = { grant_types: ["client_credentials"], redirect_uris: [], response_types: [] };
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig" }] },
  clients: [
    {
      client_id: "cli",
      application_type: "native",
      token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/callback"],
      grant_types: [
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
      ],
    },
    { client_id: "job", client_secret: "known to:this test alone", ...service },
    {
      client_id: "signer",
      token_endpoint_auth_method: "private_key_jwt",
      jwks: JSON.parse(readFileSync(keys, "utf8")),
      ...service,
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        audience: resource,
        scope: "",
        accessTokenFormat: "jwt",
      }),
    },
  },
});
server.on("request", provider.callback());
console.log(issuer);
process.stdin.resume().on("end", () => process.exit());
