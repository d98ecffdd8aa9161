// What people do with the pages in chromium; flows.mjs has the arguments.

import assert from "node:assert/strict";

import { close, visit } from "./chromium.mjs";
import { PAGES, entersCode } from "./every_page.mjs";
import { issuer, more, run } from "./flows.mjs";
import { checkBorders, checkKeyboard, checkLayout } from "./page_checks.mjs";

// Looks at every page in each of some ways, and hands it on.
async function everyPage(ways, see = () => {}) {
  for (const way of ways) {
    for (const [name, go] of Object.entries(PAGES)) {
      try {
        await visit(way, async (person, client) => {
          await go(person, client);
          await see(person);
        });
      } catch (error) {
        error.message = `${name} with ${JSON.stringify(way)}: ${error.message}`;
        throw error;
      }
    }
  }
}

const lightAndDark = (width, height) =>
  ["light", "dark"].map((colorScheme) => ({ colorScheme, viewport: { width, height } }));

await run({
  async device() {
    await visit({}, async (alice) => {
      const { device_code } = await entersCode(alice);
      const form = {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        client_id: "demo-app",
        device_code,
      };
      const asks = async () => {
        const answer = await alice.page.request.post(`${issuer}/token`, { form });
        return answer.json();
      };
      assert.equal((await asks()).error, "authorization_pending");
      await alice.logsIn();
      await alice.reads("Allow access?");
      await alice.presses("Allow");
      await alice.reads("The device is connected");
      assert.equal((await asks()).scope, "openid items:read");
    });
  },

  async allow() {
    await visit({}, async (alice, client) => {
      await alice.opens(client.request());
      await alice.reads("Log in");
      await alice.logsIn();
      await alice.reads("Allow access?");
      await alice.presses("Allow");
      await alice.comesBack();
      const tokens = await client.redeem(client.answer());
      assert.equal(tokens.scope, "openid items:read");
      // She has logged in, and is not asked for her password again.
      await alice.opens(client.request());
      await alice.reads("Allow access?");
    });
  },

  // Faults, the clock, the keys and the requests, as somebody sees them who tests a client.
  async control() {
    await visit({}, async (person, client) => {
      const { page } = person;
      const says = (text) => page.getByText(text).first().waitFor();
      await person.opens("/_control");
      await person.field("Fault").selectOption("status");
      await says("the answer is this status");
      await person.field("Argument after its name").fill("418");
      await person.field("Endpoint").selectOption("protected");
      await person.field("How often").fill("2");
      await person.presses("Switch on");
      await page.getByRole("row", { name: /status:418 count 2, endpoint protected 0/ }).waitFor();
      assert.equal((await fetch(`${issuer}/protected`)).status, 418);
      await page.getByRole("row", { name: /status:418 count 2, endpoint protected 1/ }).waitFor();
      await page.getByRole("row", { name: /GET \/protected . 418 the fault status/ }).waitFor();
      await person.presses("Switch off status:418");
      await says("No fault is on");
      assert.equal((await fetch(`${issuer}/protected`)).status, 401);
      // What a stranger writes is text.
      await fetch(`${issuer}/<b>x<i>`);
      await page.getByRole("row", { name: /GET \/%3Cb%3Ex%3Ci%3E/ }).waitFor();
      // What is wrong is said, and nothing is changed.
      await person.field("How often").fill("often");
      person.expects("400 POST /_control/faults");
      await person.presses("Switch on");
      await page.getByRole("alert").filter({ hasText: "`count` is a number" }).waitFor();
      await person.field("Move on by").fill("2h");
      await person.presses("Move on");
      const { now } = await (await fetch(`${issuer}/_control/clock`)).json();
      const ahead = Date.parse(now) - Date.now();
      assert.ok(ahead > 7190_000 && ahead < 7210_000, now);
      await person.presses("Stop");
      await says("the clock stands still");
      await person.presses("Rotate");
      await says("Published beside it: 1 before it.");
      await person.presses("Reset everything");
      await says("Everything is as it was at the start.");
      await page.getByText("the clock stands still").waitFor({ state: "hidden" });
    });
  },

  async another_person() {
    await visit({}, async (person, client) => {
      await person.logsInFor(client);
      await person.link("Log in as somebody else").click();
      await person.reads("Log in");
      await person.logsIn("bob", "builder");
      await person.reads("Allow access?");
      await person.presses("Allow");
      await person.comesBack();
      const { id_token } = await client.redeem(client.answer());
      const claims = JSON.parse(Buffer.from(id_token.split(".")[1], "base64url"));
      assert.equal(claims.sub, "bob");
    });
  },

  async wrong_password() {
    await visit({}, async (alice, client) => {
      await PAGES["wrong-password"](alice, client);
      const problem = "There is no user of this name and password.";
      assert.equal(await alice.page.getByRole("alert").innerText(), problem);
      assert.equal(await alice.field("Name").inputValue(), "alice");
      // She hears it where she is led to, and can go on at once.
      const password = alice.field("Password");
      await alice.isAt(password);
      const description = await password.evaluate(
        (field) => document.getElementById(field.getAttribute("aria-describedby")).textContent,
      );
      assert.equal(description, problem);
      assert.equal(await password.inputValue(), "");
      await alice.types("wonderland");
      await alice.hits("Enter");
      await alice.reads("Allow access?");
    });
  },

  async deny() {
    await visit({}, async (alice, client) => {
      await alice.logsInFor(client);
      await alice.presses("Deny");
      await alice.comesBack();
      const answer = client.answer();
      assert.equal(answer.error, "access_denied");
      assert.equal(answer.code, undefined);
    });
  },

  async refusal() {
    await visit({}, async (alice, client) => {
      await PAGES.refusal(alice, client);
      const page = alice.page.getByRole("main");
      for (const text of ["elsewhere.example", "invalid_request"]) {
        await page.getByText(text).first().waitFor();
      }
      const section = page.getByRole("link");
      assert.match(
        await section.getAttribute("href"),
        /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#section-[\d.]+$/,
      );
    });
  },

  async form_post() {
    await visit({}, async (alice, client) => {
      await alice.logsInFor(client, { response_mode: "form_post" });
      await alice.presses("Allow");
      await alice.comesBack();
      await client.redeem(client.answer("POST"));
    });
  },

  // The fault `callback-twice`, which the server was started with.
  async twice() {
    await visit({}, async (alice, client) => {
      await alice.logsInFor(client, { response_mode: "form_post" });
      await alice.presses("Allow");
      await alice.comesBack();
      const [first, second, ...others] = client.answers;
      assert.deepEqual([first.method, second, others], ["POST", first, []]);
      await client.redeem(first);
    });
  },

  // Who has logged in and goes back is still logged in.
  async back_and_again() {
    await visit({}, async (alice, client) => {
      await alice.logsInFor(client);
      await alice.page.reload();
      await alice.reads("Allow access?");
      await alice.page.goBack();
      await alice.reads("Allow access?");
      await alice.presses("Allow");
      await alice.comesBack();
      await client.redeem(client.answer());
    });
  },

  async log_out() {
    await visit({}, async (alice, client) => {
      await PAGES["log-out"](alice, client);
      await alice.presses("Log out");
      await alice.reads("Logged out");
      await alice.link("to the start page").click();
      await alice.reads("OAuth 2.0 on one port");
      await alice.opens(client.request());
      await alice.reads("Log in");
    });
  },

  // Whatever the start page leads to is there; `/protected` is, too, and wants a token.
  async links() {
    await visit({}, async (person) => {
      await PAGES.start(person);
      const targets = await person.page
        .getByRole("link")
        .evaluateAll((links) =>
          links.map((link) => new URL(link.href.baseVal ?? link.href, location).href),
        );
      assert.ok(targets.length > 8);
      for (const target of new Set(targets)) {
        assert.equal(new URL(target).origin, issuer);
        const { status } = await fetch(target, { headers: { Accept: "text/html,*/*" } });
        assert.equal(status, target.endsWith("/protected") ? 401 : 200, target);
      }
    });
  },

  async no_script() {
    const without = { javaScriptEnabled: false, check: checkLayout };
    const changes = [
      [{}, "GET"],
      [{ response_mode: "form_post" }, "POST"],
    ];
    for (const [change, method] of changes) {
      await visit(without, async (alice, client) => {
        alice.expects("400 POST /login");
        await alice.opens(client.request(change));
        await alice.reads("Log in");
        await alice.logsIn("alice", "looking-glass");
        await alice.page.getByRole("alert").waitFor();
        await alice.reads("Log in");
        await alice.logsIn();
        await alice.reads("Allow access?");
        await alice.presses("Allow");
        if (method === "POST") {
          await alice.reads("Back to the application");
          await alice.presses("Continue");
        }
        await alice.comesBack();
        await client.redeem(client.answer(method));
      });
    }
    await visit(without, async (alice) => {
      await alice.opens("/");
      await alice.link("Walk through it in the playground").click();
      await alice.reads("Playground");
      await alice.page.locator("noscript > p").waitFor();
    });
  },

  async keyboard() {
    await visit({}, async (alice, client) => {
      await alice.opens(client.request());
      await alice.isAt(alice.field("Name"));
      await alice.types("alice");
      await alice.hits("Tab");
      await alice.types("wonderland");
      await alice.hits("Enter");
      await alice.reads("Allow access?");
      await alice.tabsTo(alice.button("Allow"));
      await alice.hits("Enter");
      await alice.comesBack();
      await client.redeem(client.answer());
    });
  },

  async phone() {
    await everyPage(lightAndDark(360, 740), ({ page }) => checkKeyboard(page));
  },

  async desk() {
    await everyPage(lightAndDark(1280, 800), ({ page }) => checkKeyboard(page));
  },

  // At 200 % and 400 % a window of 1280 by 1024 pixels has room for this (WCAG 1.4.4, 1.4.10).
  async zoom() {
    await everyPage([
      { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 },
      { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
    ]);
  },

  async forced_colors() {
    await everyPage([{ forcedColors: "active" }], async ({ page }) => {
      await checkKeyboard(page);
      await checkBorders(page);
    });
  },

  async long_names() {
    const [user, client_id, name] = more;
    for (const way of [...lightAndDark(360, 740), ...lightAndDark(1280, 800)]) {
      await visit(way, async (person, client) => {
        client.id = client_id;
        await person.opens(client.request());
        await person.page.getByText(name).first().waitFor();
        await person.reads("Log in");
        await person.logsIn(user, "pass");
        await person.page.getByText(user).first().waitFor();
        await person.reads("Allow access?");
        await person.opens("/end_session");
        await person.reads("Log out?");
        await person.opens("/");
        await person.reads("OAuth 2.0 on one port");
      });
    }
  },

  async long_state() {
    for (const [response_mode, method] of [
      ["query", "GET"],
      ["form_post", "POST"],
    ]) {
      await visit({}, async (alice, client) => {
        client.state = `~ !"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}`.repeat(200);
        await alice.opens(client.request({ response_mode }));
        await alice.reads("Log in");
        await alice.logsIn();
        await alice.reads("Allow access?");
        await alice.presses("Allow");
        await alice.comesBack();
        await client.redeem(client.answer(method));
      });
    }
  },

  // Nothing of this would get past whoever looks on.
  async noticed() {
    const refused = visit({}, async ({ page }) => {
      await page.goto(`${issuer}/`);
      await page.evaluate(async () => {
        console.warn("a warning");
        setTimeout(() => {
          throw new Error("an error");
        });
        const script = document.createElement("script");
        script.textContent = "0";
        const image = document.createElement("img");
        image.src = "https://elsewhere.example/";
        for (const element of [script, image]) {
          const isForbidden = new Promise((resolve) =>
            addEventListener("securitypolicyviolation", resolve, { once: true }),
          );
          document.body.append(element);
          await isForbidden;
        }
      });
      await page.goto(`${issuer}/nowhere`);
    });
    await assert.rejects(refused, ({ actual }) => {
      for (const start of [
        "said: a warning",
        "thrown: Error: an error",
        "said: against the policy: script-src-elem inline",
        "said: against the policy: img-src https://elsewhere.example/",
        "404 GET /nowhere",
      ]) {
        assert.ok(
          actual.some((line) => line.startsWith(start)),
          `${start} in ${actual}`,
        );
      }
      return true;
    });
  },
});

await close();
