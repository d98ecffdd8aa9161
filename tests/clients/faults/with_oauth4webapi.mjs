// oauth4webapi, with every check that it has, from the metadata of the API on; control.mjs has the
// arguments.

import { issuer, later, library, redirected, run, step } from "./control.mjs";

const oauth = await library("oauth4webapi");

const CALLBACK = "http://127.0.0.1:9/callback";
const metadata = {
  redirect_uris: [CALLBACK],
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "none",
};
const options = { [oauth.allowInsecureRequests]: true };

await run("oauth4webapi", async (fault) => {
  const items = new URL(`${issuer}/items`);
  const found = await step("the API's metadata", async () => {
    const response = await oauth.resourceDiscoveryRequest(items, options);
    return oauth.processResourceDiscoveryResponse(items, response);
  });
  const place = new URL(found.authorization_servers[0]);
  const as = await step("discovery", async () => {
    const response = await oauth.discoveryRequest(place, { ...options, algorithm: "oauth2" });
    return oauth.processDiscoveryResponse(place, response);
  });
  const client = fault.startsWith("registration-")
    ? await step("registration", async () => {
        const response = await oauth.dynamicClientRegistrationRequest(as, metadata, options);
        return oauth.processDynamicClientRegistrationResponse(response);
      })
    : { client_id: "demo-app" };
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope: "openid email items:read",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const back = await redirected(url);
  const tokens = await step("log-in", async () => {
    const parameters = oauth.validateAuthResponse(as, client, back, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      parameters,
      CALLBACK,
      verifier,
      options,
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    const answer = await oauth.processAuthorizationCodeResponse(as, client, response, expected);
    await oauth.validateApplicationLevelSignature(as, response, options);
    return answer;
  });
  await later(fault);
  await step("userinfo", async () => {
    const response = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    return oauth.processUserInfoResponse(as, client, "alice", response);
  });
  await step("the API", () =>
    oauth.protectedResourceRequest(tokens.access_token, "GET", items, undefined, undefined, options),
  );
  await step("refresh", async () => {
    const { refresh_token } = tokens;
    const response = await oauth.refreshTokenGrantRequest(
      as,
      client,
      oauth.None(),
      refresh_token,
      options,
    );
    return oauth.processRefreshTokenResponse(as, client, response);
  });
});
