// A request and its answer, as they go over the wire, and the same for a terminal.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A word of a POSIX shell.
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function basic({ id, secret }) {
  const utf8 = (text) => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${btoa(`${utf8(id)}:${utf8(secret)}`)}`;
}

// A request: `path` below this page, and any of `method`, `bearer`, `client` ({id, secret}),
// `form` and `json`.
export class Request {
  constructor({ method = "GET", path, bearer, client, form, json }) {
    Object.assign(this, { method, bearer, client, form, json });
    this.url = new URL(`.${path}`, location.href);
  }

  headers() {
    const headers = {};
    if (this.bearer) headers.Authorization = `Bearer ${this.bearer}`;
    if (this.client) headers.Authorization = basic(this.client);
    if (this.form) headers["Content-Type"] = "application/x-www-form-urlencoded";
    if (this.json !== undefined) headers["Content-Type"] = "application/json";
    return headers;
  }

  body() {
    if (this.form) return new URLSearchParams(this.form).toString();
    return this.json === undefined ? undefined : JSON.stringify(this.json);
  }

  // As it goes over the wire, but for the line breaks between the fields of a form.
  toString() {
    const head = [`${this.method} ${this.url.pathname}${this.url.search} HTTP/1.1`, `Host: ${this.url.host}`];
    for (const [name, value] of Object.entries(this.headers())) head.push(`${name}: ${value}`);
    const body = this.body()?.replaceAll("&", "\n&");
    return head.join("\n") + (body ? `\n\n${body}` : "");
  }

  curl() {
    const words = ["curl -i"];
    if (this.method !== "GET" && !this.body()) words.push(`-X ${this.method}`);
    if (this.bearer) words.push(`-H ${quoted(`Authorization: Bearer ${this.bearer}`)}`);
    if (this.client) words.push(`-u ${quoted(`${this.client.id}:${this.client.secret}`)}`);
    for (const [name, value] of Object.entries(this.form ?? {})) {
      words.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
    }
    if (this.json !== undefined) words.push(`-H 'Content-Type: application/json'`, `-d ${quoted(this.body())}`);
    words.push(quoted(this.url.href));
    return words.join(" \\\n  ");
  }

  async send() {
    const started = performance.now();
    const response = await fetch(this.url, {
      method: this.method,
      headers: this.headers(),
      body: this.body(),
      credentials: "omit",
      cache: "no-store",
    });
    const text = await response.text();
    const took = performance.now() - started;
    return { response, text, took, json: parsed(text) };
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// A text in which long tokens are cut: they are whole in step 5, and in the command.
const cut = (text) =>
  text.replaceAll(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, (token) => `${token.slice(0, 16)}…${token.slice(-8)}`);

// What of an answer's headers matters here.
const TELLING = ["content-type", "cache-control", "www-authenticate"];

// More than this of a body helps nobody.
const MOST = 20000;

function shown({ response, text, json }, whole) {
  const names = whole ? [...response.headers.keys()] : TELLING;
  const head = names
    .filter((name) => response.headers.has(name))
    .map((name) => `${name}: ${response.headers.get(name)}`);
  const body = json === undefined ? text : JSON.stringify(json, null, 2);
  const rest = body.length - MOST;
  const note = rest > 0 ? `\n… and ${rest} characters more` : "";
  const all = [...head, "", body.slice(0, MOST) + note].join("\n").trim();
  return whole ? all : cut(all);
}

function copyButton(what, text) {
  const button = element("button", { type: "button", class: "quiet copy" }, `Copy ${what}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "This browser does not let pages copy";
    }
  });
  return button;
}

// A request before it has been sent.
export function showRequest(request, heading = "The request") {
  const curl = request.curl();
  return element(
    "div",
    { class: "exchange client" },
    element("h3", {}, heading),
    element("pre", { role: "group", tabindex: "0", "aria-label": heading }, cut(String(request))),
    element(
      "details",
      {},
      element("summary", {}, "The same with curl"),
      element("pre", { role: "group", tabindex: "0", "aria-label": "The request with curl" }, curl),
      copyButton("the command", curl),
    ),
  );
}

// Sends a request and shows it with its answer; `says` is what the answer means. With `whole`
// all headers of the answer are shown, and whole tokens.
export async function exchange(place, request, { says = () => "", heading, whole } = {}) {
  const box = showRequest(request, heading);
  const status = element("p", { class: "answer", role: "status" });
  box.append(status);
  place.replaceChildren(box);
  let answer;
  try {
    answer = await request.send();
  } catch {
    status.classList.add("bad");
    status.textContent = "No answer: the server may have been stopped.";
    return undefined;
  }
  const { response, took } = answer;
  status.classList.add(response.ok ? "good" : "bad");
  status.textContent = `Answer: ${response.status} ${response.statusText}, after ${took.toFixed(1)} ms`;
  const meaning = says(answer);
  if (meaning) box.append(element("p", {}, meaning));
  box.append(element("pre", { role: "group", tabindex: "0", "aria-label": "The answer" }, shown(answer, whole)));
  return answer;
}
