// What people do with the API reference in chromium; flows.mjs has the arguments.

import assert from "node:assert/strict";

import { close, inShort, visit } from "./chromium.mjs";
import { run } from "./flows.mjs";
import { checkKeyboard, checkLayout } from "./page_checks.mjs";

const TITLE = "API reference";

const region = (person, name) => person.page.getByRole("region", { name, exact: true });

const authorized = (person, text) =>
  region(person, "Authorize").getByRole("status").filter({ hasText: text }).first().waitFor();

// What a summary is of, once that is pressed.
async function opened(summary) {
  await summary.click();
  return summary.locator("..");
}

const attempt = (person, operation, title = "Try it") =>
  opened(region(person, operation).getByText(title, { exact: true }));

const answer = (place) => place.getByLabel("The answer", { exact: true });

async function sends(person, form, status, ...texts) {
  await person.presses("Send", form);
  await form
    .getByRole("status")
    .filter({ hasText: `Answer: ${status} ` })
    .waitFor();
  const text = await answer(form).innerText();
  for (const part of texts) assert.ok(text.includes(part), `${part} in ${text}`);
}

async function opensReference(person) {
  await person.opens("/docs");
  await person.reads(TITLE);
}

await run({
  async authorize() {
    await visit({}, async (alice) => {
      alice.expects("401 GET /protected", "401 GET /protected");
      await opensReference(alice);
      const call = await attempt(alice, "GET /protected");
      await call.getByText("This is sent without a token").waitFor();
      await sends(alice, call, 401, "www-authenticate: Bearer");
      await alice.presses("Get a token");
      await authorized(alice, "There is a token: alice's, for openid");
      await call.getByText("This is sent with the token: alice's").waitFor();
      await sends(alice, call, 200, "Hello, alice!");

      const add = await attempt(alice, "POST /items");
      await add.getByLabel("Body").fill('{"name": "a looking-glass"}');
      await sends(alice, add, 201, "a looking-glass");
      await sends(alice, await attempt(alice, "GET /items"), 200, "a looking-glass");
      await sends(alice, await attempt(alice, "GET /userinfo"), 200, "alice@example.com");
      await alice.reads(TITLE);
      await checkKeyboard(alice.page);

      await alice.presses("Forget the token");
      await authorized(alice, "There is no token.");
      await sends(alice, call, 401);
      await alice.page.reload();
      await authorized(alice, "There is no token yet.");
    });
  },

  async client() {
    await visit({}, async (person) => {
      await opensReference(person);
      await person.presses("Get a token for the client");
      await authorized(person, "There is a token: demo-service's");
      await sends(person, await attempt(person, "GET /protected"), 200, "Hello, demo-service!");
    });
  },

  async refused() {
    await visit({}, async (person) => {
      person.expects("400 POST /token", "400 POST /token", "401 GET /protected", "403 GET /items");
      await opensReference(person);
      const authorize = region(person, "Authorize");
      await authorize.getByLabel("Password").fill("looking-glass");
      await person.presses("Get a token");
      await authorize.getByText("invalid_grant").waitFor();
      await authorize.getByLabel("Secret").fill("looking-glass");
      await person.presses("Get a token for the client");
      await authorize.getByText("invalid_client").waitFor();
      await authorized(person, "There is no token yet.");
      await person.reads(TITLE);

      await authorize.getByLabel("Access token").fill("no.token.at-all");
      await person.presses("Use this token");
      await authorized(person, "There is a token: the one that you gave.");
      await sends(person, await attempt(person, "GET /protected"), 401, "invalid_token");

      await authorize.getByLabel("Password").fill("wonderland");
      await authorize.getByLabel("Scope").first().fill("items:write");
      await person.presses("Get a token");
      await authorized(person, "for items:write");
      await sends(person, await attempt(person, "GET /items"), 403, "insufficient_scope");
    });
  },

  // A header takes no such characters.
  async odd_token() {
    await visit({}, async (person) => {
      await opensReference(person);
      await region(person, "Authorize").getByLabel("Access token").fill("cl\u00e9 \u{1f511}");
      await person.presses("Use this token");
      await person.page.getByRole("alert").filter({ hasText: "That is no token" }).waitFor();
      await authorized(person, "There is no token yet.");
      await person.reads(TITLE);
    });
  },

  async wrong_input() {
    await visit({}, async (alice) => {
      alice.expects("400 POST /items", "400 POST /token", "400 POST /token");
      await opensReference(alice);
      await alice.presses("Get a token");
      await authorized(alice, "There is a token");
      const add = await attempt(alice, "POST /items");
      for (const text of ["", "{", "<script>alert(1)</script>"]) {
        await add.getByLabel("Body").fill(text);
        await alice.presses("Send", add);
        await add.getByRole("alert").filter({ hasText: "That is not JSON" }).waitFor();
      }
      await alice.reads(TITLE);
      await add.getByLabel("Body").fill('{"name": 1}');
      await sends(alice, add, 400, "an item is an object");
      const token = await attempt(alice, "POST /token", "Try it: refresh_token");
      await sends(alice, token, 400, "invalid_request");
      await token.getByLabel("refresh_token (required)").fill("no refresh token");
      await sends(alice, token, 400, "invalid_grant");
      await alice.reads(TITLE);
    });
  },

  // Every form as it stands there, with a token: whatever the answer is, the server has one.
  async every_attempt() {
    await visit({}, async (alice) => {
      await opensReference(alice);
      await alice.presses("Get a token");
      await authorized(alice, "There is a token");
      const summaries = await alice.page.getByText(/^Try it/).all();
      let sent = 0;
      for (const summary of summaries) {
        const form = await opened(summary);
        const send = alice.button("Send", form);
        if ((await send.count()) === 0) continue; // opens a page of its own
        sent += 1;
        const answered = alice.page.waitForEvent("response");
        await send.click();
        const response = await answered;
        const status = response.status();
        await form
          .getByRole("status")
          .filter({ hasText: `Answer: ${status} ` })
          .waitFor();
        assert.ok(status < 500, response.url());
        if (status >= 400) alice.expects(inShort(response));
      }
      assert.ok(sent > 25, `${sent}`);
      // The control is among them, and what it was asked for has happened.
      const control = alice.page.locator("#control-post_faults");
      await control.getByText('"fault": "expired"').waitFor();
      await alice.reads(TITLE);
      await checkKeyboard(alice.page);
    });
  },

  async opens_pages() {
    await visit({}, async (alice) => {
      await opensReference(alice);
      const form = await attempt(alice, "GET /authorize");
      const popup = alice.page.waitForEvent("popup");
      await alice.presses("Open it", form);
      const page = await popup;
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(await page.evaluate(() => opener), null);
      assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Log in");
    });
  },

  async keyboard() {
    await visit({}, async (alice) => {
      await opensReference(alice);
      await alice.tabsTo(region(alice, "Authorize").getByLabel("Password"));
      await alice.hits("Enter");
      await authorized(alice, "There is a token: alice's");
      const place = region(alice, "GET /protected");
      await alice.tabsTo(place.getByText("Try it", { exact: true }));
      await alice.hits("Enter");
      await alice.tabsTo(alice.button("Send", place));
      await alice.hits("Enter");
      await place.getByText("Answer: 200 ").waitFor();
      assert.match(await answer(place).innerText(), /Hello, alice!/);
      await alice.isAt(alice.button("Send", place));
    });
  },

  async no_script() {
    await visit({ javaScriptEnabled: false, check: checkLayout }, async (person) => {
      await opensReference(person);
      await region(person, "GET /protected").getByText("Who may call").waitFor();
      assert.equal(await person.button("Send").count(), 0);
      assert.equal(await region(person, "Authorize").count(), 0);
    });
  },
});

await close();
