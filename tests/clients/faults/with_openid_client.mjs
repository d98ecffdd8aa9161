// openid-client, with what it checks by default; control.mjs has the arguments.

import { issuer, later, library, redirected, run, step } from "./control.mjs";

const oauth = await library("openid-client");

const CALLBACK = "http://127.0.0.1:9/callback";

const metadata = {
  redirect_uris: [CALLBACK],
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "none",
};

await run("openid-client", async (fault) => {
  const options = { execute: [oauth.allowInsecureRequests] };
  const config = fault.startsWith("registration-")
    ? await step("registration", () =>
        oauth.dynamicClientRegistration(new URL(issuer), metadata, oauth.None(), options),
      )
    : await step("discovery", () =>
        oauth.discovery(new URL(issuer), "demo-app", undefined, oauth.None(), options),
      );
  const checks = {
    pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
    expectedState: oauth.randomState(),
    expectedNonce: oauth.randomNonce(),
    idTokenExpected: true,
  };
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid email items:read",
    code_challenge: await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  const back = await redirected(url);
  const tokens = await step("log-in", () =>
    oauth.authorizationCodeGrant(config, back, checks),
  );
  await later(fault);
  const { access_token, refresh_token } = tokens;
  await step("userinfo", () => oauth.fetchUserInfo(config, access_token, "alice"));
  const items = new URL(`${issuer}/items`);
  await step("the API", () => oauth.fetchProtectedResource(config, access_token, items, "GET"));
  await step("refresh", () => oauth.refreshTokenGrant(config, refresh_token));
});
