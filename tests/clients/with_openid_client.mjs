// What a client that uses openid-client does with a server; flows.mjs has the arguments.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { asAlice, asAliceWhoLeaves, CALLBACK, LOGGED_OUT, onDevice } from "./browser.mjs";
import { issuer, library, more, run } from "./flows.mjs";

const oauth = await library("openid-client");

const SCOPE = "openid email items:read";

function discover(id, secret, method = oauth.ClientSecretBasic, options = {}) {
  const authentication = secret === undefined ? oauth.None() : method(secret);
  const execute = [oauth.allowInsecureRequests];
  return oauth.discovery(new URL(issuer), id, undefined, authentication, { execute, ...options });
}

// An authorization request, what alice made of it, and the checks that its answer has to pass.
async function authorize(config, parameters = {}, decision) {
  const checks = {
    pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
    expectedState: oauth.randomState(),
    expectedNonce: oauth.randomNonce(),
  };
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    code_challenge: await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  return { back: await asAlice(url, decision), checks };
}

async function tokens(config) {
  const { back, checks } = await authorize(config);
  return oauth.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true });
}

const refused = (error, status = 400) => ({ name: "ResponseBodyError", error, status });

// A refusal with a challenge is an error of its own.
function challenged(scheme, error) {
  return ({ name, status, cause }) => {
    assert.deepEqual([name, status], ["WWWAuthenticateChallengeError", 401]);
    assert.equal(cause[0].scheme, scheme);
    assert.equal(cause[0].parameters.error, error);
    return true;
  };
}

await run({
  // An issuer by another name is refused by the library, and so is every token of it.
  async discovery() {
    for (const algorithm of ["oidc", "oauth2"]) {
      const config = await discover("demo-app", undefined, undefined, { algorithm });
      const metadata = config.serverMetadata();
      assert.equal(metadata.issuer, issuer);
      assert.equal(metadata.token_endpoint, `${issuer}/token`);
      assert.ok(metadata.supportsPKCE());
    }
    const elsewhere = new URL(issuer.replace("127.0.0.1", "localhost"));
    const execute = [oauth.allowInsecureRequests];
    await assert.rejects(
      oauth.discovery(elsewhere, "demo-app", undefined, oauth.None(), { execute }),
      { code: "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" },
    );
  },

  async client_credentials() {
    for (const method of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
      const config = await discover("demo-service", "demo-service-secret", method);
      const answer = await oauth.clientCredentialsGrant(config, { scope: "items:read" });
      assert.equal(answer.token_type, "bearer");
      assert.equal(answer.expires_in, 1800);
      assert.equal(answer.scope, "items:read");
      const place = new URL(`${issuer}/items`);
      const response = await oauth.fetchProtectedResource(
        config,
        answer.access_token,
        place,
        "GET",
      );
      assert.deepEqual(await response.json(), { items: [] });
      await assert.rejects(
        oauth.clientCredentialsGrant(config, { scope: "openid" }),
        refused("invalid_scope"),
      );
    }
  },

  async code() {
    const clients = [
      ["demo-app", undefined, undefined],
      ["demo-web", "demo-web-secret", oauth.ClientSecretBasic],
      ["demo-web", "demo-web-secret", oauth.ClientSecretPost],
    ];
    for (const [id, secret, method] of clients) {
      const config = await discover(id, secret, method);
      oauth.enableNonRepudiationChecks(config);
      const { back, checks } = await authorize(config, { max_age: "60" });
      const parameters = new URL(back.url).searchParams;
      assert.equal(parameters.get("iss"), issuer);
      assert.equal(parameters.get("state"), checks.expectedState);
      const answer = await oauth.authorizationCodeGrant(config, back, {
        ...checks,
        idTokenExpected: true,
        maxAge: 60,
      });
      const claims = answer.claims();
      assert.deepEqual([claims.iss, claims.sub, claims.aud], [issuer, "alice", id]);
      const person = await oauth.fetchUserInfo(config, answer.access_token, claims.sub);
      assert.deepEqual(person, {
        sub: "alice",
        email: "alice@example.com",
        email_verified: true,
      });
      // A code is good once (RFC 6749 section 4.1.2), and its tokens end with its second use.
      await assert.rejects(
        oauth.authorizationCodeGrant(config, back, checks),
        refused("invalid_grant"),
      );
      await assert.rejects(
        oauth.fetchUserInfo(config, answer.access_token, "alice"),
        challenged("bearer", "invalid_token"),
      );
    }
  },

  // The answer comes in a page (OAuth 2.0 Form Post Response Mode).
  async form_post() {
    const config = await discover("demo-web", "demo-web-secret");
    const { back, checks } = await authorize(config, { response_mode: "form_post" });
    const answer = await oauth.authorizationCodeGrant(config, back, {
      ...checks,
      idTokenExpected: true,
    });
    assert.equal(answer.claims().sub, "alice");
  },

  async denied() {
    const config = await discover("demo-app");
    const { back, checks } = await authorize(config, {}, "deny");
    assert.equal(new URL(back.url).searchParams.get("iss"), issuer);
    await assert.rejects(oauth.authorizationCodeGrant(config, back, checks), {
      name: "AuthorizationResponseError",
      error: "access_denied",
    });
  },

  async verifier() {
    const config = await discover("demo-app");
    const { back, checks } = await authorize(config);
    const other = { ...checks, pkceCodeVerifier: oauth.randomPKCECodeVerifier() };
    await assert.rejects(
      oauth.authorizationCodeGrant(config, back, other),
      refused("invalid_grant"),
    );
  },

  async refresh() {
    const config = await discover("demo-app");
    const first = await tokens(config);
    const second = await oauth.refreshTokenGrant(config, first.refresh_token, {
      scope: "openid items:read",
    });
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.notEqual(second.access_token, first.access_token);
    assert.equal(second.scope, "openid items:read");
    assert.equal(second.claims().sub, "alice");
    const third = await oauth.refreshTokenGrant(config, second.refresh_token);
    assert.equal(third.scope, SCOPE);
    // The old one is in two hands: it is refused, and the family goes with it.
    for (const { refresh_token } of [first, third]) {
      await assert.rejects(
        oauth.refreshTokenGrant(config, refresh_token),
        refused("invalid_grant"),
      );
    }
    await assert.rejects(
      oauth.fetchUserInfo(config, third.access_token, "alice"),
      challenged("bearer", "invalid_token"),
    );
  },

  async introspection() {
    const service = await discover("demo-service", "demo-service-secret");
    const web = await discover("demo-web", "demo-web-secret");
    const { access_token, refresh_token } = await tokens(web);
    for (const token of [access_token, refresh_token]) {
      for (const config of [service, web]) {
        const answer = await oauth.tokenIntrospection(config, token);
        const { active, sub, username, client_id, scope, iss } = answer;
        assert.deepEqual(
          { active, sub, username, client_id, scope, iss },
          {
            active: true,
            sub: "alice",
            username: "alice",
            client_id: "demo-web",
            scope: SCOPE,
            iss: issuer,
          },
        );
      }
    }
    assert.deepEqual(await oauth.tokenIntrospection(service, "x"), { active: false });
  },

  async revocation() {
    const config = await discover("demo-web", "demo-web-secret");
    const active = async (token) => (await oauth.tokenIntrospection(config, token)).active;
    const { access_token, refresh_token } = await tokens(config);
    await oauth.tokenRevocation(config, access_token, { token_type_hint: "access_token" });
    assert.equal(await active(access_token), false);
    assert.equal(await active(refresh_token), true);
    const next = await oauth.refreshTokenGrant(config, refresh_token);
    await oauth.tokenRevocation(config, next.refresh_token);
    assert.equal(await active(next.access_token), false);
    await assert.rejects(
      oauth.refreshTokenGrant(config, next.refresh_token),
      refused("invalid_grant"),
    );
    // RFC 7009 section 2.2: what is no token is as good as revoked.
    await oauth.tokenRevocation(config, "x");
    await assert.rejects(
      oauth.tokenRevocation(await discover("demo-app"), (await tokens(config)).access_token),
      refused("invalid_grant"),
    );
  },

  async device() {
    const config = await discover("demo-app");
    const begun = await oauth.initiateDeviceAuthorization(config, { scope: SCOPE });
    await onDevice(begun);
    const answer = await oauth.pollDeviceAuthorizationGrant(config, begun);
    assert.equal(answer.scope, SCOPE);
    assert.equal(answer.claims().sub, "alice");
    const denied = await oauth.initiateDeviceAuthorization(config, { scope: SCOPE });
    await onDevice(denied, "deny");
    await assert.rejects(
      oauth.pollDeviceAuthorizationGrant(config, denied),
      refused("access_denied"),
    );
  },

  async pushed() {
    const config = await discover("demo-app");
    const verifier = oauth.randomPKCECodeVerifier();
    const state = oauth.randomState();
    const url = await oauth.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
    });
    assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const answer = await oauth.authorizationCodeGrant(config, await asAlice(url), checks);
    assert.equal(answer.scope, SCOPE);
    const wrong = { redirect_uri: "https://elsewhere.example/", scope: SCOPE };
    await assert.rejects(
      oauth.buildAuthorizationUrlWithPAR(config, wrong),
      refused("invalid_request"),
    );
  },

  // The server asks for nonces, its two sides for one each.
  async dpop() {
    const config = await discover("demo-app");
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
    const dpop_jkt = await DPoP.calculateThumbprint();
    const { back, checks } = await authorize(config, { dpop_jkt });
    const expected = { ...checks, idTokenExpected: true };
    const answer = await oauth.authorizationCodeGrant(config, back, expected, undefined, {
      DPoP,
    });
    assert.equal(answer.token_type, "dpop");
    const call = async (token, options) => {
      const place = new URL(`${issuer}/items`);
      const none = [undefined, undefined];
      return oauth.fetchProtectedResource(config, token, place, "GET", ...none, options);
    };
    const response = await call(answer.access_token, { DPoP });
    assert.deepEqual(await response.json(), { items: [] });
    await assert.rejects(call(answer.access_token), challenged("dpop", "invalid_token"));
    const next = await oauth.refreshTokenGrant(config, answer.refresh_token, undefined, { DPoP });
    assert.equal(next.token_type, "dpop");
    await assert.rejects(
      oauth.refreshTokenGrant(config, next.refresh_token),
      refused("invalid_grant"),
    );
  },

  // OpenID Connect RP-Initiated Logout 1.0.
  async end_session() {
    const config = await discover("demo-app");
    const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
    const url = oauth.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPE,
      code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const { left, html } = await asAliceWhoLeaves(url, async (back) => {
      const answer = await oauth.authorizationCodeGrant(config, back, { pkceCodeVerifier });
      return oauth.buildEndSessionUrl(config, {
        post_logout_redirect_uri: LOGGED_OUT,
        id_token_hint: answer.id_token,
        state: "a state",
      });
    });
    assert.equal(left.url, `${LOGGED_OUT}?state=a%20state`);
    assert.match(html, /name="password"/);
  },

  async private_key_jwt() {
    const jwk = JSON.parse(await readFile(more[0]));
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
    const execute = [oauth.allowInsecureRequests];
    const signer = oauth.PrivateKeyJwt({ key, kid: jwk.kid });
    const config = await oauth.discovery(new URL(issuer), "signer", undefined, signer, {
      execute,
    });
    const answer = await oauth.clientCredentialsGrant(config, { scope: "items:read" });
    assert.equal((await oauth.tokenIntrospection(config, answer.access_token)).active, true);
    await oauth.tokenRevocation(config, answer.access_token);
    assert.equal((await oauth.tokenIntrospection(config, answer.access_token)).active, false);
    const secret = oauth.ClientSecretJwt("a secret of at least thirty-two bytes");
    const hmac = await oauth.discovery(new URL(issuer), "hmac", undefined, secret, { execute });
    assert.equal((await oauth.clientCredentialsGrant(hmac)).token_type, "bearer");
    const stranger = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
    const other = oauth.PrivateKeyJwt({ key: stranger.privateKey, kid: jwk.kid });
    const wrong = await oauth.discovery(new URL(issuer), "signer", undefined, other, { execute });
    await assert.rejects(oauth.clientCredentialsGrant(wrong), refused("invalid_client"));
  },

  async secret() {
    // Only who used the header is told how that is done; then the library has no other error.
    const clients = [
      ["demo-service", "no secret of it: %+&=\u00e9", oauth.ClientSecretBasic],
      ["nobody", "demo-service-secret", oauth.ClientSecretBasic],
    ];
    for (const client of clients) {
      const config = await discover(...client);
      const refusal = oauth.clientCredentialsGrant(config);
      await assert.rejects(refusal, challenged("basic", undefined));
    }
    const others = [
      ["demo-service", "no secret of it: %+&=\u00e9", oauth.ClientSecretPost],
      ["demo-service", undefined, undefined],
    ];
    for (const client of others) {
      const config = await discover(...client);
      await assert.rejects(oauth.clientCredentialsGrant(config), refused("invalid_client"));
    }
  },
});
