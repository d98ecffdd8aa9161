// Every page by its name, and the way there. Whoever goes it is the first in their browser.

import { issuer } from "./flows.mjs";
import { asks, decides, triesEverything } from "./playground.mjs";

// A device begins, and its code is entered.
export async function entersCode(person) {
  const form = { client_id: "demo-app", scope: "openid items:read" };
  const place = `${issuer}/device_authorization`;
  const answer = await person.page.request.post(place, { form });
  const codes = await answer.json();
  await person.opens("/device");
  await person.field("Code").fill(codes.user_code.toLowerCase());
  await person.leaves(() => person.presses("Continue"));
  return codes;
}

export const PAGES = {
  async start(person) {
    await person.opens("/");
    await person.reads("OAuth 2.0 on one port");
  },

  async "log-in"(person, client) {
    await person.opens(client.request());
    await person.reads("Log in");
  },

  async "wrong-password"(person, client) {
    person.expects("400 POST /login");
    await person.opens(client.request());
    await person.logsIn("alice", "looking-glass");
    await person.page.getByRole("alert").waitFor();
    await person.reads("Log in");
  },

  async consent(person, client) {
    await person.logsInFor(client, {
      scope: "openid profile email offline_access items:read items:write",
    });
    await person.reads("Allow access?");
  },

  async refusal(person, client) {
    person.expects("400 GET /authorize");
    await person.opens(client.request({ redirect_uri: "https://elsewhere.example/callback" }));
    await person.reads("This request is refused");
  },

  async "form-post"(person, client) {
    // The page would be gone at once.
    const empty = { contentType: "text/javascript", body: "" };
    await person.page.route("**/submit.js", (route) => route.fulfill(empty));
    await person.logsInFor(client, { response_mode: "form_post" });
    await person.presses("Allow");
    await person.reads("Back to the application");
  },

  async "log-out"(person, client) {
    await person.logsInFor(client);
    await person.opens("/end_session");
    await person.reads("Log out?");
  },

  async "logged-out"(person) {
    await person.opens("/end_session");
    await person.reads("Logged out");
  },

  async device(person) {
    await person.opens("/device");
    await person.reads("Connect a device");
  },

  async "device-unknown"(person) {
    person.expects("400 POST /device");
    await person.opens("/device?user_code=BBBB-BBBB");
    await person.presses("Continue");
    await person.page.getByRole("alert").waitFor();
    await person.reads("Connect a device");
  },

  async "device-log-in"(person) {
    await entersCode(person);
    await person.reads("Log in");
  },

  async "device-consent"(person) {
    await entersCode(person);
    await person.logsIn();
    await person.reads("Allow access?");
  },

  async "device-done"(person) {
    await entersCode(person);
    await person.logsIn();
    await person.presses("Allow");
    await person.reads("The device is connected");
  },

  async playground(person) {
    await person.opens("/playground");
    await person.reads("Playground");
  },

  async "playground-refused"(person) {
    await person.opens("/playground");
    await asks(person);
    await decides(person, "Deny");
    await person.reads("Playground");
  },

  async "playground-done"(person) {
    await triesEverything(person);
    await person.reads("Playground");
  },

  async control(person) {
    await person.opens("/_control");
    await person.button("Switch on").waitFor();
    await person.reads("Control");
  },

  async "control-at-work"(person) {
    await person.opens("/_control");
    await person.presses("Switch on");
    await person.button("Switch off expired").waitFor();
    await fetch(`${issuer}/protected`);
    await person.page.getByRole("row", { name: /GET \/protected/ }).first().waitFor();
    await person.reads("Control");
    await person.presses("Reset everything");
    await person.page.getByText("No fault is on").waitFor();
  },

  async reference(person) {
    await person.opens("/docs");
    await person.reads("API reference");
  },

  async "reference-tried"(person) {
    await person.opens("/docs");
    await person.presses("Get a token");
    await person.page.getByText("There is a token").waitFor();
    await person.page.locator("details").evaluateAll((all) => {
      for (const details of all) details.open = true;
    });
    await person.presses("Send", person.page.getByRole("region", { name: "GET /protected" }));
    await person.page.getByText("Answer: 200").nth(1).waitFor();
    await person.reads("API reference");
  },
};
