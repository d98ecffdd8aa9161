// The reference: each operation can be tried, with a token that this page keeps while it is open.

import { Request, element, exchange } from "./exchange.js";

const authorized = document.getElementById("authorized");
const forget = document.getElementById("forget");

let token;

function keep(text, whose) {
  token = text;
  authorized.textContent = text ? `There is a token: ${whose}.` : "There is no token.";
  forget.hidden = !text;
  for (const note of document.querySelectorAll(".with")) {
    note.textContent = text
      ? `This is sent with the token: ${whose}.`
      : "This is sent without a token: authorize first, or see how it is refused.";
  }
  for (const input of document.querySelectorAll(".attempt input[name=token]")) {
    input.value = text ?? "TOKEN";
  }
}

// What is left empty is left out.
function filled(form) {
  const entries = [...new FormData(form)].filter(([, value]) => value !== "");
  return Object.fromEntries(entries);
}

const results = (form) => form.querySelector(".results");

function complain(form, text) {
  const problem = element("p", { class: "problem", role: "alert" });
  results(form).replaceChildren(problem);
  problem.textContent = text;
}

async function authorize(form) {
  const fields = filled(form);
  const { grant } = form.dataset;
  if (!grant) {
    const text = fields.token?.trim();
    // A header takes no other characters.
    if (text && !/^[!-~]+$/.test(text)) {
      complain(form, "That is no token: it has characters that cannot be sent.");
      return;
    }
    results(form).replaceChildren();
    keep(text, "the one that you gave");
    return;
  }
  const request = new Request({
    method: "POST",
    path: "/token",
    form: { grant_type: grant, ...fields },
  });
  const answer = await exchange(results(form), request);
  const { access_token: given, scope } = answer?.json ?? {};
  if (given) keep(given, `${fields.username ?? fields.client_id}'s, for ${scope || "no scope"}`);
}

async function send(form) {
  const { method, way, takes, token: wanted } = form.dataset;
  const request = { method, path: way };
  if (takes === "query") request.path += `?${new URLSearchParams(filled(form))}`;
  if (takes === "form") request.form = filled(form);
  if (takes === "json") {
    try {
      request.json = JSON.parse(form.elements.json.value);
    } catch (error) {
      complain(form, `That is not JSON: ${error.message}`);
      return;
    }
  }
  if (wanted !== undefined) request.bearer = token;
  await exchange(results(form), new Request(request), { whole: true });
}

function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    await act(form);
    button?.removeAttribute("aria-busy");
  });
}

for (const form of document.querySelectorAll("#authorize form")) onSubmit(form, authorize);
for (const form of document.querySelectorAll(".attempt form")) onSubmit(form, send);
for (const place of document.querySelectorAll("#authorize, .attempt")) place.hidden = false;
forget.addEventListener("click", () => {
  keep(undefined);
  document.getElementById("authorize-password-username").focus();
});
