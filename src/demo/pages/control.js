// The control of the server: what is on is read again after each change, and the requests come by long
// polling.

import { element } from "./exchange.js";

const byId = (id) => document.getElementById(id);
const problem = byId("problem");

// So many requests are shown.
const MOST = 100;

// What pages are made of, and nobody asks about.
const OF_PAGES = /\.(?:css|js|svg)$/;

let token;

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, method = "GET", json) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`./_control/${path}`, {
    method,
    headers,
    body: json === undefined ? undefined : JSON.stringify(json),
    credentials: "omit",
    cache: "no-store",
  });
  const answer = await response.json();
  if (!response.ok) throw new Refusal(response.status, answer.message);
  return answer;
}

function say(text = "") {
  problem.textContent = text;
  problem.hidden = !text;
}

// Does something that may be refused, and says so.
async function attempt(act) {
  try {
    await act();
    say();
    return true;
  } catch (error) {
    const lost = !(error instanceof Refusal);
    say(lost ? "No answer: the server may have been stopped." : error.message);
    if (error.status === 401) wantToken();
    return false;
  }
}

function wantToken() {
  byId("control").hidden = true;
  byId("token-form").hidden = false;
  byId("control-token").focus();
}

const code = (text) => element("code", {}, text);
const cell = (...children) => element("td", {}, ...children);

function showFaults({ active }) {
  const rows = active.map(({ id, fault, acted, ...rest }) => {
    const off = element("button", { type: "button", class: "quiet copy" }, "Switch off");
    off.setAttribute("aria-label", `Switch off ${fault}`);
    off.addEventListener("click", () => change(() => ask("faults", "DELETE", { id })));
    const words = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
    const name = element("th", { scope: "row" }, code(fault));
    return element("tr", {}, name, cell(words.join(", ") || "everywhere"), cell(String(acted)), cell(off));
  });
  byId("active").replaceChildren(...rows);
  byId("active-table").hidden = rows.length === 0;
  byId("nothing-on").hidden = rows.length > 0;
  byId("all-off").hidden = rows.length === 0;
}

function showClock({ now, frozen }) {
  byId("now").textContent = now.replace(/\.\d+/, "");
  byId("frozen").hidden = !frozen;
}

function showKeys({ signing, published }) {
  if (!byId("signing")) return;
  byId("signing").textContent = signing ?? "no key that has a name";
  const older = published.length - 1;
  byId("older").textContent = older > 0 ? ` Published beside it: ${older} before it.` : "";
}

async function show() {
  const [faults, clock, keys] = await Promise.all(["faults", "clock", "keys"].map((path) => ask(path)));
  showFaults(faults);
  showClock(clock);
  showKeys(keys);
}

const change = (act) =>
  attempt(async () => {
    await act();
    await show();
  });

function row({ time, method, path, client, grant_type, status, reasons }) {
  const why = reasons.map(({ reason, section }) => `${reason} (${section})`).join("; ");
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, time.slice(11, 19)),
    cell(code(`${method} ${path}`), grant_type ? ` ${grant_type}` : ""),
    cell(client ?? "–"),
    cell(status === null ? "reset" : String(status)),
    cell(why),
  );
}

// Requests after the last one that is shown, for as long as the page is open.
async function listen() {
  let after = 0;
  for (;;) {
    try {
      const { requests } = await ask(`requests?after=${after}&wait=25s`);
      if (requests.length > 0) {
        after = requests.at(-1).number;
        const body = byId("requests");
        const telling = requests.filter(({ path }) => !OF_PAGES.test(path));
        body.prepend(...telling.slice(-MOST).reverse().map(row));
        while (body.rows.length > MOST) body.deleteRow(-1);
        byId("requests-table").hidden = body.rows.length === 0;
        if (body.rows.length > 0) byId("waiting").textContent = `${body.rows.length} requests are shown.`;
        showFaults(await ask("faults"));
      }
      showClock(await ask("clock"));
    } catch {
      byId("waiting").textContent = "The server does not answer; asking again.";
      await new Promise((resolve) => setTimeout(resolve, 2000));
      if (byId("control").hidden) return;
    }
  }
}

async function begin() {
  if (!(await attempt(show))) return;
  byId("token-form").hidden = true;
  byId("control").hidden = false;
  listen();
}

function chosen() {
  const { dataset } = byId("fault").selectedOptions[0];
  byId("about").textContent = dataset.about;
  byId("argument-field").hidden = !dataset.argument;
  byId("argument").value = dataset.argument;
  const any = element("option", { value: "" }, "where it usually acts");
  const names = dataset.endpoints.split(" ").map((name) => element("option", { value: name }, name));
  byId("endpoint").replaceChildren(any, ...names);
}

byId("fault").addEventListener("change", chosen);
byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("control-token").value.trim();
  // A header takes no other characters.
  if (!/^[ -~]+$/.test(text)) return say("That is no token: it has characters that cannot be sent.");
  token = text;
  begin();
});
byId("fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { fault, argument, ...rest } = Object.fromEntries(new FormData(event.target));
  const rule = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
  rule.fault = byId("argument-field").hidden ? fault : `${fault}:${argument}`;
  change(() => ask("faults", "POST", rule));
});
byId("all-off").addEventListener("click", () => change(() => ask("faults", "DELETE")));
byId("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  change(() => ask("clock", "POST", { advance: byId("advance").value }));
});
for (const button of document.querySelectorAll("[data-clock]")) {
  button.addEventListener("click", () => change(() => ask("clock", "POST", { [button.dataset.clock]: true })));
}
for (const button of document.querySelectorAll("[data-rotate]")) {
  button.addEventListener("click", () => change(() => ask("keys", "POST", { rotate: button.dataset.rotate })));
}
byId("reset").addEventListener("click", () =>
  change(async () => {
    await ask("reset", "POST");
    byId("requests").replaceChildren();
    byId("requests-table").hidden = true;
    byId("waiting").textContent = "Everything is as it was at the start.";
  }),
);

chosen();
begin();
