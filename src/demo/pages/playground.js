// The playground: a public client, in a browser, that shows what it does.

import { Request, element, exchange, showRequest } from "./exchange.js";
import { parts, showToken } from "./token.js";

const { client, issuer, service } = document.getElementById("playground").dataset;
const here = location.origin + location.pathname;
const step = (id) => document.getElementById(id);
const results = (id) => step(id).querySelector(".results");

// What is kept until the browser comes back, and while the page is read again. It is this tab's.
const PLACE = "jott-playground";
let kept = {};

function keep(changes) {
  kept = { ...kept, ...changes };
  sessionStorage.setItem(PLACE, JSON.stringify(kept));
}

function trouble(text) {
  const place = step("trouble");
  place.textContent = text;
  place.hidden = false;
}

const base64url = (bytes) =>
  btoa(String.fromCodePoint(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const challengeOf = async (verifier) =>
  base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));

function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [name, value, note] of pairs) {
    const what = element("dd", {}, element("code", {}, value));
    if (note) what.append(` ${note}`);
    list.append(element("dt", {}, name), what);
  }
  return list;
}

function authorizationUrl() {
  const scope = [...document.querySelectorAll("input[name=scope]:checked")].map((box) => box.value);
  const url = new URL("./authorize", location.href);
  const asked = {
    response_type: "code",
    client_id: client,
    redirect_uri: here,
    scope: scope.join(" "),
    state: kept.state,
    nonce: scope.includes("openid") ? kept.nonce : "",
    code_challenge: kept.challenge,
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
  return url;
}

const WHY = {
  response_type: "a code is to come back",
  client_id: "who asks",
  redirect_uri: "where the answer is to go; the server knows it beforehand",
  scope: "what is asked for",
  state: "to be sent back as it is",
  nonce: "to be put into the ID token",
  code_challenge: "the hash of the verifier",
  code_challenge_method: "by which hash",
};

function showUrl() {
  const preview = step("ask").querySelector(".preview");
  if (!kept.challenge) return preview.replaceChildren();
  const url = authorizationUrl();
  const parameters = [...url.searchParams].map(([name, value]) => [name, value, WHY[name]]);
  preview.replaceChildren(
    element(
      "div",
      { class: "exchange client" },
      element("h3", {}, "The URL"),
      element("pre", { tabindex: "0", "aria-label": "The URL" }, url.href.replaceAll("&", "\n&")),
      facts(parameters),
    ),
  );
}

function showPair() {
  if (!kept.verifier) return results("pair").replaceChildren();
  const made = [
    ["code verifier", kept.verifier, "stays here until step 4"],
    ["code challenge", kept.challenge, "its SHA-256 in base64url"],
    ["state", kept.state],
  ];
  if (document.querySelector("input[value=openid]")) made.push(["nonce", kept.nonce]);
  results("pair").replaceChildren(facts(made));
}

// What the browser came back with; each check as a line of its own.
function showBack() {
  const { answer } = kept;
  if (!answer) return results("back").replaceChildren();
  const verdict = (good) => (good ? "as it should be" : "not what it should be");
  const lines = Object.entries(answer).map(([name, value]) => {
    if (name === "state") return [name, value, verdict(value === kept.state)];
    if (name === "iss") return [name, value, verdict(value === issuer)];
    return [name, value];
  });
  const box = element("div", { class: "exchange issuer" }, element("h3", {}, "In the URL of this page"));
  box.append(facts(lines));
  const status = element("p", { class: "answer" });
  if (answer.error) {
    status.classList.add("bad");
    status.textContent =
      answer.error === "access_denied"
        ? "The resource owner said no. That is an answer too: the client goes on without."
        : "The authorization server refused the request, and its log says why.";
  } else if (isMine(answer)) {
    status.classList.add("good");
    status.textContent = "The answer belongs to the request of this tab. On to step 4.";
  } else {
    status.classList.add("bad");
    status.textContent =
      "This answer does not belong to a request of this tab: a client drops it, and asks again.";
  }
  box.append(status);
  results("back").replaceChildren(box);
}

const isMine = (answer) =>
  Boolean(answer?.code && kept.state && answer.state === kept.state && answer.iss === issuer);

const redemption = () =>
  new Request({
    method: "POST",
    path: "/token",
    form: {
      grant_type: "authorization_code",
      client_id: client,
      code: kept.answer.code,
      redirect_uri: here,
      code_verifier: kept.verifier,
    },
  });

function showRedemption() {
  const preview = step("exchange").querySelector(".preview");
  const pending = isMine(kept.answer) && !kept.redeemed;
  preview.replaceChildren(...(pending ? [showRequest(redemption())] : []));
}

function showTokens() {
  const { access_token, id_token } = kept.tokens ?? {};
  const shown = [];
  if (access_token) shown.push(showToken("The access token", access_token));
  if (id_token) {
    const token = showToken("The ID token", id_token);
    const { iss, aud, nonce } = parts(id_token).claims;
    // An ID token that comes of a refresh has no nonce (OpenID Connect Core 1.0 section 12.2).
    const fresh = nonce === kept.nonce || (kept.spent && nonce === undefined);
    const good = iss === issuer && aud === client && fresh;
    token.append(
      element(
        "p",
        { class: `answer ${good ? "good" : "bad"}` },
        good
          ? "Issuer, audience and nonce are what the client expects."
          : "Issuer, audience or nonce is not what the client expects: it has to refuse this token.",
      ),
    );
    shown.push(token);
  }
  results("read").replaceChildren(...shown);
}

// Which actions there is everything for.
const NEEDS = {
  prepare: () => Boolean(globalThis.crypto?.subtle),
  ask: () => kept.challenge,
  exchange: () => isMine(kept.answer) && !kept.redeemed,
  protected: () => kept.tokens,
  items: () => kept.tokens,
  add: () => kept.tokens,
  introspect: () => kept.tokens,
  refresh: () => kept.tokens?.refresh_token,
  replay: () => kept.spent,
  revoke: () => kept.tokens?.refresh_token,
  again: () => kept.tokens,
  service: () => true,
  "service-call": () => kept.serviceToken,
  "no-token": () => true,
  forged: () => kept.tokens,
  scope: () => kept.tokens && !parts(kept.tokens.access_token).claims.scope?.includes("items:write"),
  "id-token": () => kept.tokens?.id_token,
  "code-again": () => kept.redeemed,
};

// When a step need not say any more what has to be done first.
const DONE = {
  ask: () => kept.challenge,
  back: () => kept.answer,
  exchange: () => isMine(kept.answer),
  read: () => kept.tokens,
  call: () => kept.tokens,
  introspect: () => kept.tokens,
  refresh: () => kept.tokens?.refresh_token,
  revoke: () => kept.tokens?.refresh_token,
};

function update() {
  for (const button of document.querySelectorAll("[data-action]")) {
    button.disabled = !NEEDS[button.dataset.action]();
  }
  for (const note of document.querySelectorAll(".first")) {
    note.hidden = Boolean(DONE[note.parentElement.id]());
  }
}

function show() {
  showPair();
  showUrl();
  showBack();
  showRedemption();
  showTokens();
  update();
}

const secretOf = (id) => ({ id: service, secret: step(`${id}-secret`).value });
const toIssuer = (path, form, more = {}) => new Request({ method: "POST", path, form, ...more });
const bearer = () => kept.tokens?.access_token;

async function tokensFrom(place, request, says) {
  const answer = await exchange(place, request, { says, role: "issuer" });
  return answer?.response.ok ? answer.json : undefined;
}

const refreshing = (refresh_token) =>
  toIssuer("/token", { grant_type: "refresh_token", client_id: client, refresh_token });

// What a refusal of the resource server means.
function meaning({ response }) {
  const challenge = response.headers.get("www-authenticate") ?? "";
  if (response.status === 401 && !challenge.includes("error=")) {
    return "401, and no error: nothing was sent, so there is nothing wrong with it. The challenge says what to bring.";
  }
  if (response.status === 401) {
    return "401 invalid_token: malformed, forged, expired or revoked. A client throws it away, and refreshes or starts over.";
  }
  if (response.status === 403) {
    return "403 insufficient_scope: the token is good, and not for this. The challenge names the scope that is missing.";
  }
  return "";
}

const call = (id, options) => exchange(results(id), new Request(options), { says: meaning });
const newItem = { method: "POST", path: "/items", json: { name: "a lamp" } };

const ACTIONS = {
  async prepare() {
    const verifier = random();
    keep({
      verifier,
      challenge: await challengeOf(verifier),
      state: random(),
      nonce: random(),
      answer: undefined,
      redeemed: undefined,
      tokens: undefined,
      spent: undefined,
    });
    show();
  },
  ask() {
    location.assign(authorizationUrl());
  },
  async exchange() {
    const tokens = await tokensFrom(
      results("exchange"),
      redemption(),
      ({ response }) =>
        response.ok ? "" : "A code is good once and for a minute. Start again at step 1.",
    );
    keep({ redeemed: redemption().form, tokens: tokens ?? kept.tokens });
    showRedemption();
    showTokens();
  },
  protected: () => call("call", { path: "/protected", bearer: bearer() }),
  items: () => call("call", { path: "/items", bearer: bearer() }),
  add: () => call("call", { ...newItem, bearer: bearer() }),
  introspect: () =>
    exchange(
      results("introspect"),
      toIssuer("/introspect", { token: bearer() }, { client: secretOf("introspect") }),
      {
        role: "issuer",
        says: ({ response, json }) => {
          if (!response.ok) return "Who asks has to be known: the secret is not the right one.";
          return json?.active
            ? "It is active: good, and not revoked."
            : "It is not active. Why is nobody's business: expired, revoked or never issued look alike.";
        },
      },
    ),
  async refresh() {
    const spent = kept.tokens.refresh_token;
    const tokens = await tokensFrom(results("refresh"), refreshing(spent), ({ response }) =>
      response.ok
        ? "A new access token, and a new refresh token. The old one is spent."
        : "It is not good any more: expired, revoked, or its family is. Somebody has to log in again.",
    );
    if (tokens) keep({ tokens: { id_token: kept.tokens.id_token, ...tokens }, spent });
    showTokens();
  },
  async replay() {
    await tokensFrom(
      results("refresh"),
      refreshing(kept.spent),
      () =>
        "The server takes it for stolen, and revokes every token of the family, the good ones too. Call /protected to see.",
    );
  },
  async revoke() {
    const form = { token: kept.tokens.refresh_token, token_type_hint: "refresh_token", client_id: client };
    await exchange(results("revoke"), toIssuer("/revoke", form), {
      role: "issuer",
      says: ({ response }) => (response.ok ? "Done; and it would be 200 for any token, known or not." : ""),
    });
  },
  again: () => call("revoke", { path: "/protected", bearer: bearer() }),
  async service() {
    const tokens = await tokensFrom(
      results("service"),
      toIssuer("/token", { grant_type: "client_credentials", scope: "items:read" }, { client: secretOf("service") }),
      ({ response }) => (response.ok ? "The subject of this token is the client itself." : ""),
    );
    if (!tokens) return;
    keep({ serviceToken: tokens.access_token });
    results("service").append(showToken("The service's access token", tokens.access_token));
  },
  "service-call": () => call("service", { path: "/protected", bearer: kept.serviceToken }),
  "no-token": () => call("refused", { path: "/protected" }),
  forged() {
    const token = bearer();
    const place = token.lastIndexOf(".") + 1;
    const other = token[place] === "A" ? "B" : "A";
    const forged = token.slice(0, place) + other + token.slice(place + 1);
    return call("refused", { path: "/protected", bearer: forged });
  },
  scope: () => call("refused", { ...newItem, bearer: bearer() }),
  "id-token": () => call("refused", { path: "/protected", bearer: kept.tokens.id_token }),
  "code-again": () =>
    exchange(results("refused"), toIssuer("/token", kept.redeemed), {
      role: "issuer",
      says: () =>
        "Somebody else may have had the code first, so the server also revokes the tokens that it gave for it (RFC 6749 section 4.1.2). Start again at step 1.",
    }),
};

// One action at a time. Where its button cannot be pressed again the focus goes on to what came of
// it, for those who have no mouse.
let busy = false;

async function run(button) {
  if (busy) return;
  busy = true;
  try {
    await ACTIONS[button.dataset.action]();
  } finally {
    busy = false;
  }
  const had = document.activeElement === button;
  update();
  if (had && button.disabled) button.closest(".step").querySelector("h2").focus({ preventScroll: true });
}

// Takes the answer out of the URL, where histories and referrers would keep it.
function takeAnswer() {
  const query = new URLSearchParams(location.search);
  if (!query.has("code") && !query.has("error")) return false;
  keep({ answer: Object.fromEntries(query), redeemed: undefined });
  history.replaceState(null, "", here);
  return true;
}

function start() {
  try {
    kept = JSON.parse(sessionStorage.getItem(PLACE)) ?? {};
  } catch {
    kept = {};
  }
  const isBack = takeAnswer();
  if (!globalThis.crypto?.subtle) {
    trouble(
      "Browsers hash only on https pages and on this machine. Open the playground by 127.0.0.1 or localhost, or over https.",
    );
  }
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => run(button));
  }
  for (const form of document.querySelectorAll("#playground form")) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const box of document.querySelectorAll("input[name=scope]")) {
    box.addEventListener("change", showUrl);
  }
  step("over").addEventListener("click", () => {
    sessionStorage.removeItem(PLACE);
    location.assign(here);
  });
  show();
  if (isBack) {
    const title = step("back-title");
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  }
}

start();
