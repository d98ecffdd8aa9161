// The way through the playground, by the names that its steps and buttons have.

export const STEPS = {
  prepare: "Prepare",
  ask: "Ask",
  back: "Come back",
  exchange: "Exchange the code",
  read: "Read the tokens",
  call: "Call the API",
  refused: "Be refused",
  introspect: "Ask whether a token is valid",
  refresh: "Refresh",
  end: "End it",
  service: "Without a person",
  device: "On another device",
};

const number = (name) => Object.keys(STEPS).indexOf(name) + 1;

export const step = (person, name) =>
  person.page.getByRole("region", { name: `${number(name)}. ${STEPS[name]}`, exact: true });

// A button of a step.
export const button = (person, name, text) => person.button(text, step(person, name));

// The answer of a status is shown in a step.
export const shows = (person, name, status) =>
  step(person, name)
    .getByRole("status")
    .filter({ hasText: `Answer: ${status} ` })
    .waitFor();

// Presses a button of a step, which sends a request, and sees the answer.
export async function sends(person, name, text, status) {
  await button(person, name, text).click();
  await shows(person, name, status);
}

export const PREPARE = "Make new values";
export const ASK = "Go to the authorization server";
export const EXCHANGE = "Exchange the code";

// Makes new values, and goes to log in.
export async function asks(person) {
  await button(person, "prepare", PREPARE).click();
  await button(person, "ask", ASK).click();
  await person.page.getByRole("heading", { name: "Log in" }).waitFor();
}

// What the URL says that the browser came back with.
export const cameBack = (person) =>
  step(person, "back").getByRole("heading", { name: "In the URL" });

// Goes from the log-in page back to the playground, by a yes or a no.
export async function decides(person, decision) {
  await person.logsIn();
  await person.presses(decision);
  await cameBack(person).waitFor();
}

// Goes through the code flow, until there are tokens.
export async function getsTokens(person) {
  await person.opens("/playground");
  await asks(person);
  await decides(person, "Allow");
  await sends(person, "exchange", EXCHANGE, 200);
}

// Presses a button in every step, and so fills the page.
export async function triesEverything(person) {
  await getsTokens(person);
  await sends(person, "call", "GET /protected", 200);
  person.expects("401 GET /protected");
  await sends(person, "refused", "Call without a token", 401);
  await sends(person, "introspect", "Introspect the access token", 200);
  await sends(person, "refresh", "Refresh", 200);
  await sends(person, "end", "Revoke the refresh token", 200);
  await sends(person, "service", "Get a token", 200);
  await sends(person, "device", "Ask for the codes", 200);
}
