// What a client that uses oauth4webapi does with a server; flows.mjs has the arguments. The library
// leaves each request and each check of an answer to its user.

import assert from "node:assert/strict";

import { asAlice, asAliceWhoLeaves, CALLBACK, LOGGED_OUT, onDevice } from "./browser.mjs";
import { issuer, library, run } from "./flows.mjs";

const oauth = await library("oauth4webapi");

const SCOPE = "openid profile items:write";
const options = { [oauth.allowInsecureRequests]: true };

async function discover(algorithm) {
  const place = new URL(issuer);
  const response = await oauth.discoveryRequest(place, { ...options, algorithm });
  assert.match(response.headers.get("content-type"), /^application\/json\b/);
  return oauth.processDiscoveryResponse(place, response);
}

const as = await discover("oidc");

const app = { client: { client_id: "demo-app" }, proof: oauth.None() };
const web = {
  client: { client_id: "demo-web" },
  proof: oauth.ClientSecretBasic("demo-web-secret"),
};
const service = {
  client: { client_id: "demo-service" },
  proof: oauth.ClientSecretPost("demo-service-secret"),
};

async function authorize({ client }, decision) {
  const asked = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  };
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope: SCOPE,
    code_challenge: await oauth.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: "S256",
    state: asked.state,
    nonce: asked.nonce,
  });
  const back = await asAlice(url, decision);
  const parameters = () =>
    oauth.validateAuthResponse(as, client, new URL(back.url), asked.state);
  return { ...asked, parameters };
}

async function redeem({ client, proof }, { parameters, verifier, nonce }, redirect = CALLBACK) {
  const checked = parameters();
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    proof,
    checked,
    redirect,
    verifier,
    options,
  );
  const expected = { expectedNonce: nonce, requireIdToken: true };
  const answer = await oauth.processAuthorizationCodeResponse(as, client, response, expected);
  await oauth.validateApplicationLevelSignature(as, response, options);
  return answer;
}

const tokens = async (who) => redeem(who, await authorize(who));

async function refresh({ client, proof }, token) {
  const response = await oauth.refreshTokenGrantRequest(as, client, proof, token, options);
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function machine({ client, proof }, parameters = {}) {
  const response = await oauth.clientCredentialsGrantRequest(
    as,
    client,
    proof,
    parameters,
    options,
  );
  return oauth.processClientCredentialsResponse(as, client, response);
}

async function introspect({ client, proof }, token) {
  const response = await oauth.introspectionRequest(as, client, proof, token, options);
  return oauth.processIntrospectionResponse(as, client, response);
}

async function revoke({ client, proof }, token) {
  const response = await oauth.revocationRequest(as, client, proof, token, options);
  return oauth.processRevocationResponse(response);
}

const call = (method, path, token, body) => {
  const headers = new Headers(body && { "Content-Type": "application/json" });
  const place = new URL(path, issuer);
  return oauth.protectedResourceRequest(token, method, place, headers, body, options);
};

// An access token, as a resource server reads one (RFC 9068 section 4).
function validate(token) {
  const headers = { Authorization: `Bearer ${token}` };
  const request = new Request(`${issuer}/protected`, { headers });
  return oauth.validateJwtAccessToken(as, request, issuer, options);
}

const refused = (error, status = 400) => ({ name: "ResponseBodyError", error, status });

function challenged(scheme, error) {
  return ({ name, status, cause }) => {
    assert.deepEqual([name, status], ["WWWAuthenticateChallengeError", 401]);
    assert.deepEqual([cause[0].scheme, cause[0].parameters.error], [scheme, error]);
    return true;
  };
}

await run({
  async discovery() {
    const plain = await discover("oauth2");
    for (const [name, value] of Object.entries(plain)) assert.deepEqual(as[name], value, name);
    assert.equal(plain.issuer, issuer);
    const elsewhere = new URL(issuer.replace("127.0.0.1", "localhost"));
    const response = await oauth.discoveryRequest(elsewhere, options);
    await assert.rejects(oauth.processDiscoveryResponse(elsewhere, response), {
      code: oauth.JSON_ATTRIBUTE_COMPARISON,
    });
  },

  // From a resource to the server that guards it (RFC 9728 section 5).
  async protected_resource() {
    // A resource, and the server as a whole: each answers for the URL that is asked.
    const discover = async (place) => {
      const response = await oauth.resourceDiscoveryRequest(place, options);
      const resource = await oauth.processResourceDiscoveryResponse(place, response);
      assert.deepEqual(resource.authorization_servers, [issuer]);
      assert.ok(as.protected_resources.includes(resource.resource));
      return response;
    };
    await discover(new URL(issuer));
    await discover(new URL(`${issuer}/items`));
    const response = await discover(new URL(`${issuer}/protected`));
    await assert.rejects(call("GET", "/protected", "x"), (e) => {
      const { realm, error, resource_metadata } = e.cause[0].parameters;
      assert.deepEqual([realm, error, resource_metadata], ["jott", "invalid_token", response.url]);
      return challenged("bearer", "invalid_token")(e);
    });
  },

  // From a resource alone to a token for it: RFC 9728, RFC 8414, RFC 7591, and a code.
  async registration() {
    const place = new URL(`${issuer}/mcp`);
    const found = await oauth.processResourceDiscoveryResponse(
      place,
      await oauth.resourceDiscoveryRequest(place, options),
    );
    assert.deepEqual(found.authorization_servers, [issuer]);
    const metadata = {
      client_name: "a test",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      scope: "openid profile items:write",
    };
    const register = async (more) => {
      const body = { ...metadata, ...more };
      const response = await oauth.dynamicClientRegistrationRequest(as, body, options);
      assert.equal(response.status, 201);
      const client = await oauth.processDynamicClientRegistrationResponse(response);
      for (const [name, value] of Object.entries(body)) assert.deepEqual(client[name], value);
      return client;
    };
    const secret = await register({});
    const open = await register({ token_endpoint_auth_method: "none" });
    for (const [client, proof] of [
      [secret, oauth.ClientSecretBasic(secret.client_secret)],
      [open, oauth.None()],
    ]) {
      const app = { client, proof };
      const answer = await redeem(app, await authorize(app, "allow"));
      const claims = await validate(answer.access_token);
      assert.deepEqual([claims.sub, claims.client_id], ["alice", client.client_id]);
    }
    const wrong = { ...metadata, redirect_uris: ["http://app.example/cb"] };
    const refused = await oauth.dynamicClientRegistrationRequest(as, wrong, options);
    await assert.rejects(oauth.processDynamicClientRegistrationResponse(refused), {
      error: "invalid_redirect_uri",
    });
  },

  async client_credentials() {
    const answer = await machine(service, { scope: "items:read" });
    assert.deepEqual(
      [answer.token_type, answer.expires_in, answer.scope],
      ["bearer", 1800, "items:read"],
    );
    const claims = await validate(answer.access_token);
    assert.deepEqual([claims.sub, claims.client_id], ["demo-service", "demo-service"]);
    assert.equal((await call("GET", "/items", answer.access_token)).status, 200);
    await assert.rejects(
      call("POST", "/items", answer.access_token, '{"name":"hat"}'),
      ({ status, cause: [{ parameters }] }) => {
        assert.equal(status, 403);
        assert.deepEqual(
          [parameters.error, parameters.scope],
          ["insufficient_scope", "items:write"],
        );
        return true;
      },
    );
    await assert.rejects(machine(service, { scope: "openid" }), refused("invalid_scope"));
    await assert.rejects(machine(web), refused("unauthorized_client"));
  },

  async code() {
    for (const who of [app, web]) {
      const request = await authorize(who);
      const answer = await redeem(who, request);
      const claims = oauth.getValidatedIdTokenClaims(answer);
      assert.deepEqual([claims.iss, claims.sub], [issuer, "alice"]);
      const { client_id } = who.client;
      const access = await validate(answer.access_token);
      assert.deepEqual(
        [access.sub, access.client_id, access.scope],
        ["alice", client_id, SCOPE],
      );
      const made = await call("POST", "/items", answer.access_token, '{"name":"hat"}');
      assert.equal(made.status, 201);
      const response = await oauth.userInfoRequest(as, who.client, answer.access_token, options);
      const person = await oauth.processUserInfoResponse(as, who.client, "alice", response);
      assert.deepEqual(person, { sub: "alice", name: "Alice" });
      await assert.rejects(redeem(who, request), refused("invalid_grant"));
      await assert.rejects(
        call("GET", "/protected", answer.access_token),
        challenged("bearer", "invalid_token"),
      );
    }
  },

  async denied() {
    const { parameters } = await authorize(app, "deny");
    assert.throws(parameters, { name: "AuthorizationResponseError", error: "access_denied" });
  },

  // A code for another verifier, another redirect URI, another client, and none at all.
  async refused_code() {
    const verifier = oauth.generateRandomCodeVerifier();
    const attempts = [
      async () => redeem(app, { ...(await authorize(app)), verifier }),
      async () => redeem(app, await authorize(app), `${CALLBACK}/`),
      async () => redeem(web, await authorize(app)),
      async () => redeem(app, { ...(await authorize(app)), verifier: oauth.nopkce }),
    ];
    for (const attempt of attempts) await assert.rejects(attempt(), refused("invalid_grant"));
  },

  async refresh() {
    for (const who of [app, web]) {
      const first = await tokens(who);
      const second = await refresh(who, first.refresh_token);
      assert.notEqual(second.refresh_token, first.refresh_token);
      assert.equal(second.scope, SCOPE);
      assert.equal(oauth.getValidatedIdTokenClaims(second).sub, "alice");
      await validate(second.access_token);
      for (const { refresh_token } of [first, second]) {
        await assert.rejects(refresh(who, refresh_token), refused("invalid_grant"));
      }
    }
  },

  async introspection() {
    const { access_token } = await tokens(app);
    const answer = await introspect(service, access_token);
    assert.deepEqual(
      [answer.active, answer.sub, answer.client_id, answer.scope, answer.token_type],
      [true, "alice", "demo-app", SCOPE, "Bearer"],
    );
    assert.deepEqual(await introspect(web, access_token), { active: false });
    await assert.rejects(introspect(app, access_token), refused("invalid_client"));
  },

  async revocation() {
    const { access_token, refresh_token } = await tokens(app);
    await assert.rejects(revoke(web, refresh_token), refused("invalid_grant"));
    await revoke(app, refresh_token);
    await revoke(app, refresh_token);
    await assert.rejects(refresh(app, refresh_token), refused("invalid_grant"));
    assert.deepEqual(await introspect(service, access_token), { active: false });
  },

  async device() {
    const { client, proof } = app;
    const begin = async () => {
      const asked = { scope: SCOPE };
      const response = await oauth.deviceAuthorizationRequest(as, client, proof, asked, options);
      return oauth.processDeviceAuthorizationResponse(as, client, response);
    };
    const poll = async ({ device_code }) => {
      const response = await oauth.deviceCodeGrantRequest(as, client, proof, device_code, options);
      return oauth.processDeviceCodeResponse(as, client, response);
    };
    const [allowed, denied, waits] = [await begin(), await begin(), await begin()];
    await onDevice(allowed);
    const answer = await poll(allowed);
    assert.equal(answer.scope, SCOPE);
    assert.equal(oauth.getValidatedIdTokenClaims(answer).sub, "alice");
    await onDevice(denied, "deny");
    await assert.rejects(poll(denied), refused("access_denied"));
    await assert.rejects(poll(waits), refused("authorization_pending"));
    await assert.rejects(poll(waits), refused("slow_down"));
  },

  // The library leaves the way out to its user (OpenID Connect RP-Initiated Logout 1.0 section 2).
  async end_session() {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: app.client.client_id,
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const { left, html } = await asAliceWhoLeaves(url, async (back) => {
      const parameters = () => oauth.validateAuthResponse(as, app.client, new URL(back.url));
      const { id_token } = await redeem(app, { parameters, verifier });
      const out = new URL(as.end_session_endpoint);
      const asked = { id_token_hint: id_token, post_logout_redirect_uri: LOGGED_OUT };
      out.search = new URLSearchParams(asked);
      return out;
    });
    assert.equal(left.url, LOGGED_OUT);
    assert.match(html, /name="password"/);
  },

  // A proof of the key at each step, with the nonce that the server wants.
  async bound() {
    const DPoP = oauth.DPoP(app.client, await oauth.generateKeyPair("ES256"));
    const bound = { ...options, DPoP };
    // The first answer of each side has the nonce of the next.
    const again = async (act) => {
      try {
        return await act();
      } catch (error) {
        assert.ok(oauth.isDPoPNonceError(error), error);
        return act();
      }
    };
    const verifier = oauth.generateRandomCodeVerifier();
    const push = async () => {
      const parameters = {
        response_type: "code",
        redirect_uri: CALLBACK,
        scope: SCOPE,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      };
      const response = await oauth.pushedAuthorizationRequest(
        as,
        app.client,
        app.proof,
        parameters,
        bound,
      );
      return oauth.processPushedAuthorizationResponse(as, app.client, response);
    };
    const { request_uri } = await again(push);
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({ client_id: app.client.client_id, request_uri });
    const back = await asAlice(url);
    const checked = oauth.validateAuthResponse(as, app.client, new URL(back.url));
    const answer = await again(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        app.client,
        app.proof,
        checked,
        CALLBACK,
        verifier,
        bound,
      );
      return oauth.processAuthorizationCodeResponse(as, app.client, response);
    });
    assert.equal(answer.token_type, "dpop");
    const response = await again(() => {
      const place = new URL("/protected", issuer);
      const none = [undefined, undefined];
      return oauth.protectedResourceRequest(answer.access_token, "GET", place, ...none, bound);
    });
    assert.equal(response.status, 200);
  },

  async secret() {
    const { client } = service;
    const expected = [
      [oauth.ClientSecretBasic, challenged("basic", undefined)],
      [oauth.ClientSecretPost, refused("invalid_client")],
    ];
    for (const [method, refusal] of expected) {
      const proof = method("not its secret");
      await assert.rejects(machine({ client, proof }), refusal);
      await assert.rejects(introspect({ client, proof }, "x"), refusal);
      await assert.rejects(revoke({ client, proof }, "x"), refusal);
    }
  },
});
