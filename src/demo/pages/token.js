// A JWT taken apart. Nothing is checked here: that takes the key, and is somebody else's to do.

import { element } from "./exchange.js";

const MEANINGS = {
  alg: "how it is signed",
  typ: "what kind of token it is",
  kid: "which of the server's keys signed it",
  iss: "who issued it",
  sub: "whom it is about",
  aud: "whom it is for; everybody else has to refuse it",
  exp: "when it expires",
  nbf: "from when on it is valid",
  iat: "when it was issued",
  jti: "its own name, by which it can be revoked",
  client_id: "which client it was issued to",
  azp: "which client it was issued to",
  scope: "what may be done with it",
  auth_time: "when the resource owner logged in",
  nonce: "the nonce of step 1, to be compared",
  at_hash: "half a hash of the access token that came with it",
  name: "a name to show",
  email: "an e-mail address",
  email_verified: "whether the address is known to be theirs",
};

const TIMES = ["exp", "nbf", "iat", "auth_time"];

function decoded(part) {
  const bytes = Uint8Array.from(
    atob(part.replaceAll("-", "+").replaceAll("_", "/")),
    (character) => character.codePointAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function parts(token) {
  const [header, claims] = token.split(".").slice(0, 2).map(decoded);
  return { header, claims };
}

function rows(members) {
  return Object.entries(members).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const time = TIMES.includes(name) ? `, ${new Date(value * 1000).toLocaleString()}` : "";
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, element("code", {}, name)),
      element("td", {}, element("code", {}, text), time),
      element("td", {}, MEANINGS[name] ?? "a claim of this server"),
    );
  });
}

function table(caption, members) {
  const head = ["Name", "Value", "What it means"].map((text) =>
    element("th", { scope: "col" }, text),
  );
  return element(
    "table",
    { class: "claims" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows(members)),
  );
}

function length(seconds) {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
}

// A bar that empties until the token expires.
function lifetime(name, { iat, exp }, hasEnded) {
  if (hasEnded) {
    const end = "It has been revoked: whatever it says, it is not valid any more.";
    return [element("p", { class: "answer bad" }, end)];
  }
  const bar = element("progress", { max: exp - iat, "aria-label": `Lifetime left, ${name}` });
  const text = element("p", { class: "note" });
  const tick = () => {
    const left = Math.max(0, exp - Math.floor(Date.now() / 1000));
    bar.value = left;
    text.textContent = left
      ? `${length(left)} left of ${length(exp - iat)}`
      : "It has expired: the resource server refuses it from now on.";
    if (left && bar.isConnected) setTimeout(tick, 1000);
  };
  setTimeout(tick);
  return [bar, text];
}

// The claims stand out; what is around them is for machines.
function written(name, token) {
  const [header, claims, signature] = token.split(".");
  const around = (text) => element("span", { class: "around" }, text);
  const attributes = { class: "token", role: "group", tabindex: "0", "aria-label": name };
  return element("pre", attributes, around(`${header}.`), claims, around(`.${signature}`));
}

export function showToken(name, token, hasEnded = false) {
  const { header, claims } = parts(token);
  return element(
    "div",
    { class: "exchange issuer" },
    element("h3", {}, name),
    written(name, token),
    ...lifetime(name, claims, hasEnded),
    table("Header", header),
    table("Claims", claims),
    element(
      "p",
      {},
      `Signature: ${token.split(".")[2].length} characters. This page has not checked it: the token came straight from the server.`,
    ),
  );
}
