// The playground: a client, in a browser, that shows what it does.

import { Request, element, exchange, showRequest } from "./exchange.js";
import { parts, showToken } from "./token.js";

const { issuer, clients: known } = document.getElementById("playground").dataset;
const CLIENTS = JSON.parse(known);
// The client that is played.
let client = CLIENTS[0];
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

const boxes = () => [...document.querySelectorAll("input[name=scope]")];

// Plays another client, which asks for what it may have.
function play(id) {
  client = CLIENTS.find((one) => one.id === id) ?? client;
  step("client").value = client?.id;
  for (const box of boxes()) {
    box.parentElement.hidden = !client?.scopes.includes(box.value);
    box.checked = !box.parentElement.hidden && (kept.asked?.includes(box.value) ?? box.defaultChecked);
  }
  for (const form of document.querySelectorAll("form.secret")) {
    form.hidden = form.dataset.client !== client?.id;
  }
}

// How the client proves itself: a public one says who it is.
function proof() {
  if (!client.confidential) return { form: { client_id: client.id } };
  const input = document.querySelector("form.secret:not([hidden]) input");
  return { form: {}, client: { id: client.id, secret: input.value } };
}

// A request of the client to the authorization server.
function asClient(path, form) {
  const { form: who, client: secret } = proof();
  return new Request({ method: "POST", path, form: { ...form, ...who }, client: secret });
}

const chosen = () => boxes().filter((box) => box.checked).map((box) => box.value);

function authorizationUrl() {
  const scope = chosen();
  const url = new URL("./authorize", location.href);
  const asked = {
    response_type: "code",
    client_id: client.id,
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
  response_type: "a code should come back",
  client_id: "who asks",
  redirect_uri: "where the answer should go; the server knows it beforehand",
  scope: "what is asked for",
  state: "to be sent back unchanged",
  nonce: "to be put into the ID token",
  code_challenge: "the hash of the verifier",
  code_challenge_method: "by which hash",
};

function showUrl() {
  const preview = step("ask").querySelector(".preview");
  step("nothing-asked").hidden = Boolean(document.querySelector("input[name=scope]:checked"));
  if (!isPrepared()) return preview.replaceChildren();
  const url = authorizationUrl();
  const parameters = [...url.searchParams].map(([name, value]) => [name, value, WHY[name]]);
  preview.replaceChildren(
    element(
      "div",
      { class: "exchange client" },
      element("h3", {}, "The URL"),
      element("pre", { role: "group", tabindex: "0", "aria-label": "The URL" }, url.href.replaceAll("&", "\n&")),
      facts(parameters),
    ),
  );
}

function showPrepared() {
  if (!kept.verifier) return results("prepare").replaceChildren();
  const made = [
    ["code verifier", kept.verifier, "a secret until step 4"],
    ["code challenge", kept.challenge, "its SHA-256 in base64url"],
    ["state", kept.state],
  ];
  if (document.querySelector("input[value=openid]")) made.push(["nonce", kept.nonce]);
  results("prepare").replaceChildren(facts(made));
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
  const box = element("div", { class: "exchange issuer" }, element("h3", {}, "In the URL"));
  box.append(facts(lines));
  const status = element("p", { class: "answer" });
  status.classList.add(hasCode() ? "good" : "bad");
  status.textContent = whatCameBack(answer);
  const taken = "This page has taken it out of the address bar, so that no history keeps it.";
  box.append(status, element("p", { class: "note" }, taken));
  results("back").replaceChildren(box);
}

const isMine = (answer) =>
  Boolean(kept.state && answer?.state === kept.state && answer.iss === issuer);

// Values that no answer has come back to.
const isPrepared = () => Boolean(kept.challenge && !kept.answer);

const hasCode = () => isMine(kept.answer) && !kept.repeated && Boolean(kept.answer.code);

function whatCameBack(answer) {
  if (!isMine(answer)) {
    return "This answer does not belong to a request of this tab: a client drops it, and asks again.";
  }
  if (kept.repeated) {
    return "An answer to this state has come before: a client takes one, and drops this. Start again at step 1.";
  }
  if (answer.code) return "The answer belongs to the request of this tab. On to step 4.";
  if (answer.error === "access_denied") {
    return "The resource owner said no. That is an answer too: the client does without, and says so. To ask again, start at step 1.";
  }
  return "The authorization server refused the request, and its log says why.";
}

const redemption = () =>
  asClient("/token", {
    grant_type: "authorization_code",
    code: kept.answer.code,
    redirect_uri: here,
    code_verifier: kept.verifier,
  });

function showRedemption() {
  const preview = step("exchange").querySelector(".preview");
  const pending = hasCode() && !kept.redeemed;
  preview.replaceChildren(...(pending ? [showRequest(redemption())] : []));
}

function showTokens() {
  const { access_token, id_token } = kept.tokens ?? {};
  const shown = [];
  if (access_token) shown.push(showToken("The access token", access_token, kept.ended));
  if (id_token) {
    const token = showToken("The ID token", id_token);
    const { iss, aud, nonce } = parts(id_token).claims;
    // An ID token that comes of a refresh has no nonce (OpenID Connect Core 1.0 section 12.2).
    const fresh = nonce === kept.nonce || (kept.spent && nonce === undefined);
    const good = iss === issuer && aud === client.id && fresh;
    token.append(
      element(
        "p",
        { class: `answer ${good ? "good" : "bad"}` },
        good
          ? `Issuer and audience are what the client expects${nonce ? ", and so is the nonce" : "; after a refresh there is no nonce"}.`
          : "Issuer, audience or nonce is not what the client expects: it has to refuse this token.",
      ),
    );
    shown.push(token);
  }
  results("read").replaceChildren(...shown);
}

const scopes = () => parts(kept.tokens.access_token).claims.scope?.split(" ") ?? [];

// Which actions there is everything for.
const NEEDS = {
  prepare: () => Boolean(client && globalThis.crypto?.subtle),
  ask: isPrepared,
  exchange: () => hasCode() && !kept.redeemed,
  protected: () => kept.tokens,
  items: () => kept.tokens,
  add: () => kept.tokens,
  userinfo: () => kept.tokens,
  "no-token": () => true,
  forged: () => kept.tokens,
  "id-token": () => kept.tokens?.id_token,
  scope: () => kept.tokens && !scopes().includes("items:write"),
  introspect: () => kept.tokens,
  refresh: () => kept.tokens?.refresh_token,
  revoke: () => kept.tokens?.refresh_token,
  replay: () => kept.spent,
  "code-again": () => kept.tokens,
  again: () => kept.tokens,
  service: () => true,
  "service-call": () => kept.serviceToken,
  device: () => client?.device,
  poll: () => kept.device && !kept.device.done,
};

// When a step need not say any more what has to be done first.
const READY = {
  ask: isPrepared,
  back: () => kept.answer,
  exchange: NEEDS.exchange,
  read: () => kept.tokens,
  call: () => kept.tokens,
  refused: () => kept.tokens,
  introspect: () => kept.tokens,
  refresh: () => kept.tokens?.refresh_token,
  end: () => kept.tokens,
  device: NEEDS.device,
};

function update() {
  for (const button of document.querySelectorAll("[data-action]")) {
    button.disabled = !NEEDS[button.dataset.action]();
  }
  for (const note of document.querySelectorAll(".first")) {
    note.hidden = Boolean(READY[note.parentElement.id]());
  }
}

function show() {
  showPrepared();
  showUrl();
  showBack();
  showRedemption();
  showTokens();
  showDevice();
  update();
}

const secretOf = (id) => ({ id: step(`${id}-client`).value, secret: step(`${id}-secret`).value });
const toIssuer = (path, form, more = {}) => new Request({ method: "POST", path, form, ...more });
const bearer = () => kept.tokens?.access_token;

async function tokensFrom(place, request, says) {
  const answer = await exchange(place, request, { says });
  return answer?.response.ok ? answer.json : undefined;
}

const refreshing = (refresh_token) =>
  asClient("/token", { grant_type: "refresh_token", refresh_token });

// What a refusal of the resource server means.
function meaning({ response }) {
  const challenge = response.headers.get("www-authenticate") ?? "";
  if (response.status === 401 && !challenge.includes("error=")) {
    return "401 without an error: nothing was sent, so there is nothing wrong with it. The header says what to bring.";
  }
  if (response.status === 401 && kept.ended) {
    return "401 invalid_token: the tokens of this round have been revoked. The way begins again at step 1.";
  }
  if (response.status === 401) {
    return "401 invalid_token: malformed, forged, expired or revoked. A client throws it away, and refreshes or starts over.";
  }
  if (response.status === 403) {
    return "403 insufficient_scope: the token is good, but not for this. The header names the scope that is missing.";
  }
  return "";
}

const call = (id, options, says = meaning) =>
  exchange(results(id), new Request(options), { says });
const newItem = { method: "POST", path: "/items", json: { name: "a lamp" } };

const byService = (good) => ({ response, json }) =>
  response.ok ? good(json) : "401: the server does not know who asks, since the secret is not the right one.";

// What the answer means to a device that waits.
function whatDeviceGot({ response, json }) {
  if (response.ok) return "Somebody has said yes: the device has its tokens.";
  const meanings = {
    authorization_pending: "Nobody has decided yet. The device waits, and asks again.",
    slow_down: "It asked too soon: it waits five seconds longer from now on.",
    access_denied: "Somebody has said no: the device gives up.",
    expired_token: "Nobody decided in time: the device begins again.",
  };
  return meanings[json?.error] ?? "";
}

function showDevice() {
  const { device } = kept;
  step("enter").hidden = !device || Boolean(device.done);
  if (!device) return;
  step("user-code").textContent = device.user_code;
  step("verification").textContent = device.verification_uri;
  step("verification").href = device.verification_uri_complete;
}

// What ended the tokens of this round, and what the page says of them from now on.
function ended() {
  keep({ ended: true });
  showTokens();
}

const ACTIONS = {
  async prepare() {
    const verifier = random();
    const { serviceToken, device } = kept;
    kept = {};
    keep({
      client: client.id,
      verifier,
      challenge: await challengeOf(verifier),
      state: random(),
      nonce: random(),
      serviceToken,
      device,
    });
    for (const place of document.querySelectorAll(".step:not(#service, #device) .results")) {
      place.replaceChildren();
    }
    show();
  },
  ask() {
    keep({ asked: chosen() });
    location.assign(authorizationUrl());
  },
  async exchange() {
    const request = redemption();
    const tokens = await tokensFrom(results("exchange"), request, ({ response }) =>
      response.ok
        ? "The code is used up. On to step 5."
        : "400 invalid_grant: a code is valid once, and for a minute. Start again at step 1.",
    );
    keep({ redeemed: request.form, tokens });
    show();
  },
  protected: () => call("call", { path: "/protected", bearer: bearer() }),
  items: () => call("call", { path: "/items", bearer: bearer() }),
  add: () => call("call", { ...newItem, bearer: bearer() }),
  userinfo: () => call("call", { path: "/userinfo", bearer: bearer() }),
  "no-token": () => call("refused", { path: "/protected" }),
  forged() {
    const token = bearer();
    const place = token.lastIndexOf(".") + 1;
    const other = token[place] === "A" ? "B" : "A";
    const forged = token.slice(0, place) + other + token.slice(place + 1);
    return call("refused", { path: "/protected", bearer: forged });
  },
  "id-token": () =>
    call(
      "refused",
      { path: "/protected", bearer: kept.tokens.id_token },
      () =>
        "401 invalid_token: it is genuine, and for somebody else. Its audience is the client; only a token that is typed at+jwt, with this API as its audience, is good here.",
    ),
  scope: () => call("refused", { ...newItem, bearer: bearer() }),
  introspect: () =>
    exchange(
      results("introspect"),
      toIssuer("/introspect", { token: bearer() }, { client: secretOf("introspect") }),
      {
        says: byService((json) =>
          json?.active
            ? "It is active: valid, and not revoked."
            : "It is not active. The answer does not say why: expired, revoked and never issued look alike.",
        ),
      },
    ),
  async refresh() {
    const spent = kept.tokens.refresh_token;
    const tokens = await tokensFrom(results("refresh"), refreshing(spent), ({ response }) =>
      response.ok
        ? "A new access token, and a new refresh token. The previous one is used up."
        : "400 invalid_grant: the refresh token has expired, or its family has been revoked. Somebody has to log in again: step 1.",
    );
    if (tokens) keep({ tokens: { id_token: kept.tokens.id_token, ...tokens }, spent });
    showTokens();
  },
  async replay() {
    const answer = await exchange(results("end"), refreshing(kept.spent), {
      says: () =>
        "400 invalid_grant, and the whole family is revoked, the good tokens too: the server cannot tell the thief from the client.",
    });
    if (answer) ended();
  },
  async revoke() {
    const { refresh_token } = kept.tokens;
    const form = { token: refresh_token, token_type_hint: "refresh_token" };
    const answer = await exchange(results("end"), asClient("/revoke", form), {
      says: ({ response }) =>
        response.ok ? "Done. It is 200 for any token, known or not, so that nobody can try them out." : "",
    });
    if (answer) ended();
  },
  async "code-again"() {
    const answer = await exchange(results("end"), asClient("/token", kept.redeemed), {
      says: () =>
        "400 invalid_grant: somebody else may have had the code first, so the server also revokes what it gave for it.",
    });
    if (answer) ended();
  },
  again: () => call("end", { path: "/protected", bearer: bearer() }),
  async service() {
    const form = { grant_type: "client_credentials", scope: "items:read" };
    const tokens = await tokensFrom(
      results("service"),
      toIssuer("/token", form, { client: secretOf("service") }),
      byService(() => "The subject of this token is the client itself."),
    );
    if (!tokens) return;
    keep({ serviceToken: tokens.access_token });
    results("service").append(showToken("The service's access token", tokens.access_token));
  },
  "service-call": () => call("service", { path: "/protected", bearer: kept.serviceToken }),
  async device() {
    const request = asClient("/device_authorization", { scope: chosen().join(" ") });
    const codes = await tokensFrom(results("device"), request, ({ response }) =>
      response.ok ? "Both codes are valid for some minutes. Now somebody has to enter the user code." : "",
    );
    keep({ device: codes });
    showDevice();
  },
  async poll() {
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:device_code" };
    const request = asClient("/token", { ...form, device_code: kept.device.device_code });
    const tokens = await tokensFrom(results("device"), request, whatDeviceGot);
    if (!tokens) return;
    keep({ device: { ...kept.device, done: true } });
    showDevice();
    results("device").append(showToken("The device's access token", tokens.access_token));
  },
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
  const answer = Object.fromEntries(query);
  keep({ answer, repeated: Boolean(kept.answer && isMine(answer)) });
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
  play(kept.client);
  for (const box of boxes()) box.addEventListener("change", showUrl);
  step("client").addEventListener("change", (event) => {
    kept = {};
    keep({ client: event.target.value });
    for (const place of document.querySelectorAll(".step .results")) place.replaceChildren();
    play(kept.client);
    show();
  });
  for (const id of ["introspect", "service"]) {
    step(`${id}-client`).addEventListener("change", ({ target }) => {
      const secret = step(`${id}-secret`);
      secret.labels[0].querySelector("code").textContent = target.value;
      secret.value = target.selectedOptions[0].dataset.secret ?? "";
    });
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
