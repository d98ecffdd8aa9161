// What people do with the playground in chromium; flows.mjs has the arguments.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { close, visit } from "./chromium.mjs";
import { issuer, more, run } from "./flows.mjs";
import {
  ASK,
  EXCHANGE,
  PREPARE,
  asks,
  button,
  cameBack,
  decides,
  getsTokens,
  sends,
  shows,
  step,
  triesEverything,
} from "./playground.mjs";

const TITLE = "Playground";

const includes = async (place, ...texts) => {
  const said = await place.innerText();
  for (const text of texts) assert.ok(said.includes(text), `${text} in ${said}`);
};

// What has been asked for stands in the URL that the page shows.
const shownUrl = async (person) => {
  const text = await step(person, "ask").getByLabel("The URL").innerText();
  return new URL(text.replaceAll("\n", ""));
};

const kept = ({ page }) => page.evaluate(() => sessionStorage.length);

await run({
  async everything() {
    await visit({}, async (alice) => {
      await alice.opens("/");
      await alice.link("Walk through it in the playground").click();
      await alice.reads(TITLE);
      for (const name of ["ask", "exchange", "call", "introspect", "refresh", "end"]) {
        assert.ok(await step(alice, name).getByRole("button").first().isDisabled(), name);
      }

      await button(alice, "prepare", PREPARE).click();
      const { searchParams } = await shownUrl(alice);
      assert.equal(searchParams.get("code_challenge_method"), "S256");
      const went = alice.page.waitForRequest(/\/authorize\?/);
      await button(alice, "ask", ASK).click();
      assert.equal(new URL((await went).url()).search, `?${searchParams}`);
      await alice.reads("Log in");
      await alice.logsIn();
      await alice.reads("Allow access?");
      await alice.presses("Allow");

      await cameBack(alice).waitFor();
      assert.equal(alice.page.url(), `${issuer}/playground`);
      await alice.isAt(step(alice, "back").getByRole("heading", { name: "3. Come back" }));
      await includes(step(alice, "back"), "code", searchParams.get("state"), issuer);
      await includes(step(alice, "exchange"), "/token HTTP/1.1", "code_verifier=");
      await alice.reads(TITLE);
      await sends(alice, "exchange", EXCHANGE, 200);
      assert.ok(await button(alice, "exchange", EXCHANGE).isDisabled());
      const read = step(alice, "read");
      await includes(read, "at+jwt", "alice", "items:read", searchParams.get("nonce"));
      assert.equal(await read.getByText("30 minutes left of 30 minutes").count(), 2);

      const call = step(alice, "call");
      await sends(alice, "call", "GET /protected", 200);
      await includes(call, "Hello, alice!");
      await sends(alice, "call", "GET /items", 200);
      await sends(alice, "call", "GET /userinfo", 200);
      await includes(call, '"sub": "alice"');
      alice.expects("403 POST /items");
      await sends(alice, "call", "POST /items", 403);
      await includes(call, "insufficient_scope", "items:write");

      const refusals = [
        ["Call without a token", 401, "401 GET /protected"],
        ["Change one letter of the signature", 401, "401 GET /protected"],
        ["Send the ID token instead", 401, "401 GET /protected"],
        ["POST /items without the scope for it", 403, "403 POST /items"],
      ];
      for (const [text, status, noticed] of refusals) {
        alice.expects(noticed);
        await sends(alice, "refused", text, status);
        await includes(step(alice, "refused"), "www-authenticate: Bearer");
      }

      await sends(alice, "introspect", "Introspect the access token", 200);
      await includes(step(alice, "introspect"), '"active": true');
      await sends(alice, "refresh", "Refresh", 200);
      await sends(alice, "call", "GET /protected", 200);

      await sends(alice, "service", "Get a token", 200);
      await sends(alice, "service", "GET /protected with it", 200);
      await includes(step(alice, "service"), "Hello, demo-service!");
      await alice.reads(TITLE);
    });
  },

  async deny() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await asks(alice);
      await decides(alice, "Deny");
      await includes(step(alice, "back"), "access_denied", "The resource owner said no.");
      assert.ok(await button(alice, "exchange", EXCHANGE).isDisabled());
      assert.ok(await button(alice, "ask", ASK).isDisabled());
      await alice.reads(TITLE);
      // She is still logged in, and may say yes to the next.
      await button(alice, "prepare", PREPARE).click();
      await button(alice, "ask", ASK).click();
      await alice.reads("Allow access?");
      await alice.presses("Allow");
      await cameBack(alice).waitFor();
      await sends(alice, "exchange", EXCHANGE, 200);
    });
  },

  async wrong_password() {
    await visit({}, async (alice) => {
      alice.expects("400 POST /login", "400 POST /login");
      await alice.opens("/playground");
      await asks(alice);
      for (const [name, password] of [
        ["alice", "looking-glass"],
        ["dormouse", "wonderland"],
      ]) {
        await alice.logsIn(name, password);
        await alice.page.getByRole("alert").waitFor();
        await alice.reads("Log in");
      }
      await decides(alice, "Allow");
      await sends(alice, "exchange", EXCHANGE, 200);
    });
  },

  // Whatever ends the tokens of a round, they are no good afterwards, and the next refresh fails.
  async ends() {
    const ways = [
      ["Revoke the refresh token", 200, []],
      ["Use the previous refresh token again", 400, ["400 POST /token"]],
      ["Use the code again", 400, ["400 POST /token"]],
    ];
    for (const [text, status, noticed] of ways) {
      await visit({}, async (alice) => {
        await getsTokens(alice);
        await sends(alice, "refresh", "Refresh", 200);
        await sends(alice, "end", "GET /protected", 200);
        alice.expects(...noticed, "401 GET /protected", "400 POST /token");
        await sends(alice, "end", text, status);
        await includes(step(alice, "read"), "It has been revoked");
        await sends(alice, "end", "GET /protected", 401);
        await sends(alice, "introspect", "Introspect the access token", 200);
        await includes(step(alice, "introspect"), '"active": false');
        await sends(alice, "refresh", "Refresh", 400);
        await alice.reads(TITLE);
      });
    }
  },

  async scopes() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await button(alice, "prepare", PREPARE).click();
      for (const box of await step(alice, "ask").getByRole("checkbox").all()) await box.uncheck();
      assert.equal((await shownUrl(alice)).searchParams.get("scope"), null);
      await alice.reads(TITLE);
      await step(alice, "ask").getByRole("checkbox", { name: "items:write" }).check();
      assert.equal((await shownUrl(alice)).searchParams.get("scope"), "items:write");
      await button(alice, "ask", ASK).click();
      await decides(alice, "Allow");
      await sends(alice, "exchange", EXCHANGE, 200);
      await sends(alice, "call", "POST /items", 201);
      alice.expects("403 GET /items");
      await sends(alice, "call", "GET /items", 403);
      const refused = step(alice, "refused");
      for (const text of ["Send the ID token instead", "POST /items without the scope for it"]) {
        assert.ok(await alice.button(text, refused).isDisabled(), text);
      }
      assert.ok(
        await step(alice, "ask").getByRole("checkbox", { name: "items:write" }).isChecked(),
      );
    });
  },

  // Any client of the server can be played, one with a secret and one of a configuration too.
  async clients() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      const client = step(alice, "prepare").getByLabel("Client to play");
      const plays = async (id, proof) => {
        await client.selectOption(id);
        await button(alice, "prepare", PREPARE).click();
        assert.equal((await shownUrl(alice)).searchParams.get("client_id"), id);
        await button(alice, "ask", ASK).click();
        await alice.reads(/Log in|Allow access\?/);
        if (await alice.field("Password").count()) await alice.logsIn("carol", "c4r0l-secret");
        await alice.presses("Allow");
        await cameBack(alice).waitFor();
        const secret = step(alice, "exchange").getByLabel(`Secret of ${id}`);
        if (proof !== undefined) await secret.fill(proof);
        await sends(alice, "exchange", EXCHANGE, 200);
        await includes(step(alice, "read"), "carol", id);
        await sends(alice, "refresh", "Refresh", 200);
        await sends(alice, "end", "Revoke the refresh token", 200);
      };
      await plays("demo-web");
      await plays("shop", "a-secret-of-the-shop");
      await plays("shelf");
      // The boxes are those of the client, and the wrong secret is the wrong one.
      const boxes = step(alice, "ask").getByRole("checkbox");
      assert.equal(await boxes.count(), 2);
      assert.ok(await button(alice, "device", "Ask for the codes").isDisabled());
      await client.selectOption("shop");
      await button(alice, "prepare", PREPARE).click();
      assert.equal((await shownUrl(alice)).searchParams.get("client_id"), "shop");
      await button(alice, "ask", ASK).click();
      // What was allowed to it in this log-in is not asked again.
      await cameBack(alice).waitFor();
      await step(alice, "exchange").getByLabel("Secret of shop").fill("another");
      alice.expects("401 POST /token");
      await sends(alice, "exchange", EXCHANGE, 401);
      await alice.reads(TITLE);
    });
  },

  async device() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await sends(alice, "device", "Ask for the codes", 200);
      const place = step(alice, "device");
      const code = await place.locator("#user-code").innerText();
      assert.match(code, /^[A-Z]{4}-[A-Z]{4}$/);
      alice.expects("400 POST /token", "400 POST /token");
      await sends(alice, "device", "Ask for tokens", 400);
      await includes(place, "Nobody has decided yet");
      await sends(alice, "device", "Ask for tokens", 400);
      await includes(place, "It asked too soon");
      // On the other device, which here is this one.
      const { href } = await place.getByRole("link").evaluate(({ href }) => ({ href }));
      assert.equal(new URL(href).searchParams.get("user_code"), code);
      await alice.opens(href);
      await alice.presses("Continue");
      await alice.logsIn();
      await alice.presses("Allow");
      await alice.reads("The device is connected");
      await alice.opens("/playground");
      await sends(alice, "device", "Ask for tokens", 200);
      await includes(place, "alice", "at+jwt");
      assert.ok(await button(alice, "device", "Ask for tokens").isDisabled());
      await alice.reads(TITLE);
    });
  },

  async reload() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await button(alice, "prepare", PREPARE).click();
      const before = (await shownUrl(alice)).href;
      await alice.page.reload();
      assert.equal((await shownUrl(alice)).href, before);
      await button(alice, "ask", ASK).click();
      await alice.reads("Log in");
      // Back at the client, the request can still be made.
      await alice.page.goBack();
      assert.equal((await shownUrl(alice)).href, before);
      await button(alice, "ask", ASK).click();
      await decides(alice, "Allow");
      await alice.page.reload();
      await cameBack(alice).waitFor();
      await sends(alice, "exchange", EXCHANGE, 200);
      await alice.page.reload();
      await includes(step(alice, "read"), "alice");
      assert.ok(await button(alice, "exchange", EXCHANGE).isDisabled());
      await sends(alice, "call", "GET /protected", 200);
      await sends(alice, "end", "Revoke the refresh token", 200);
      await alice.page.reload();
      await includes(step(alice, "read"), "It has been revoked");
      await alice.reads(TITLE);
    });
  },

  async over() {
    await visit({}, async (alice) => {
      await triesEverything(alice);
      assert.notEqual(await kept(alice), 0);
      await alice.page.evaluate(() => location.assign("#call"));
      await alice.leaves(() => alice.presses("Start over"));
      assert.equal(alice.page.url(), `${issuer}/playground`);
      await alice.reads(TITLE);
      assert.equal(await kept(alice), 0);
      assert.equal(await alice.page.getByRole("heading", { level: 3 }).count(), 0);
      assert.ok(await button(alice, "ask", ASK).isDisabled());
      // The values of a round are of that round alone.
      await button(alice, "prepare", PREPARE).click();
      const first = (await shownUrl(alice)).searchParams;
      await button(alice, "prepare", PREPARE).click();
      const second = (await shownUrl(alice)).searchParams;
      for (const name of ["state", "nonce", "code_challenge"]) {
        assert.notEqual(first.get(name), second.get(name));
      }
    });
  },

  async other_tab() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await button(alice, "prepare", PREPARE).click();
      const { href } = await shownUrl(alice);
      // Somebody else's tab, as far as the playground knows.
      await alice.page.evaluate(() => sessionStorage.clear());
      await alice.opens(href);
      await decides(alice, "Allow");
      await includes(step(alice, "back"), "does not belong to a request of this tab");
      assert.ok(await button(alice, "exchange", EXCHANGE).isDisabled());
      await alice.reads(TITLE);
    });
  },

  async repeated() {
    await visit({}, async (alice) => {
      await alice.opens("/playground");
      await button(alice, "prepare", PREPARE).click();
      const { href } = await shownUrl(alice);
      await button(alice, "ask", ASK).click();
      await decides(alice, "Allow");
      await alice.opens(href);
      await alice.presses("Allow");
      await cameBack(alice).waitFor();
      await includes(step(alice, "back"), "An answer to this state has come before");
      assert.ok(await button(alice, "exchange", EXCHANGE).isDisabled());
      await alice.reads(TITLE);
    });
  },

  async keyboard() {
    await visit({}, async (alice) => {
      const hits = async (name, text) => {
        await alice.tabsTo(button(alice, name, text));
        await alice.hits("Enter");
      };
      // The focus is never lost: whoever goes on with the Tab key is where they were.
      const isHere = (name) => step(alice, name).locator(":focus").waitFor();
      await alice.opens("/playground");
      await hits("prepare", PREPARE);
      await step(alice, "ask").getByLabel("The URL").waitFor();
      await isHere("prepare");
      await alice.tabsTo(step(alice, "ask").getByRole("checkbox", { name: "items:write" }));
      await alice.hits("Space");
      await hits("ask", ASK);
      await alice.isAt(alice.field("Name"));
      await alice.types("alice");
      await alice.hits("Tab");
      await alice.types("wonderland");
      await alice.hits("Enter");
      await alice.reads("Allow access?");
      await alice.tabsTo(alice.button("Allow"));
      await alice.hits("Enter");
      await cameBack(alice).waitFor();
      await isHere("back");
      await hits("exchange", EXCHANGE);
      await shows(alice, "exchange", 200);
      await isHere("exchange");
      const calls = [
        ["call", "POST /items", 201],
        ["introspect", "Introspect the access token", 200],
        ["refresh", "Refresh", 200],
        ["end", "Revoke the refresh token", 200],
        ["service", "Get a token", 200],
      ];
      for (const [name, text, status] of calls) {
        await hits(name, text);
        await shows(alice, name, status);
        await isHere(name);
      }
      const command = step(alice, "call").getByLabel("The request with curl");
      await alice.tabsTo(step(alice, "call").getByText("The same with curl"));
      await alice.hits("Enter");
      await command.waitFor();
      await alice.tabsTo(alice.button("Start over"));
      await alice.leaves(() => alice.hits("Enter"));
      await alice.reads(TITLE);
      assert.equal(await kept(alice), 0);
    });
  },

  // Each in a shell brings the status that the page shows.
  async curl() {
    const permissions = ["clipboard-read", "clipboard-write"];
    await visit({ permissions }, async (alice) => {
      const runs = async (name, text, status) => {
        await sends(alice, name, text, status);
        const place = step(alice, name);
        await place.getByText("The same with curl").click();
        const command = await place.getByLabel("The request with curl").innerText();
        await alice.presses("Copy the command", place);
        await alice.button("Copied", place).waitFor();
        assert.equal(await alice.page.evaluate(() => navigator.clipboard.readText()), command);
        const { stdout } = await promisify(execFile)("sh", [
          "-c",
          command.replace("curl ", "curl -s "),
        ]);
        assert.ok(stdout.startsWith(`HTTP/1.1 ${status} `), `${command}: ${stdout}`);
      };
      await getsTokens(alice);
      await runs("call", "GET /protected", 200);
      await runs("introspect", "Introspect the access token", 200);
      await runs("service", "Get a token", 200);
      alice.expects("403 POST /items", "401 GET /protected");
      await runs("call", "POST /items", 403);
      await runs("refused", "Change one letter of the signature", 401);
      await runs("end", "Revoke the refresh token", 200);
    });
  },

  async localhost() {
    const local = issuer.replace("127.0.0.1", "localhost");
    await visit({ origins: [local] }, async (alice) => {
      await alice.opens(`${local}/playground`);
      await asks(alice);
      await decides(alice, "Allow");
      assert.equal(alice.page.url(), `${local}/playground`);
      await sends(alice, "exchange", EXCHANGE, 200);
      await sends(alice, "call", "GET /protected", 200);
      await alice.reads(TITLE);
    });
  },

  async secret() {
    await visit({}, async (alice) => {
      await getsTokens(alice);
      const tries = [
        ["introspect", "Introspect the access token", "401 POST /introspect"],
        ["service", "Get a token", "401 POST /token"],
      ];
      for (const [name, text, noticed] of tries) {
        const secret = step(alice, name).getByLabel("Secret of demo-service");
        const right = await secret.inputValue();
        alice.expects(noticed);
        await secret.fill("' \"$(id) é\u{1f511}");
        await sends(alice, name, text, 401);
        await includes(step(alice, name), "the secret is not the right one");
        await secret.fill(right);
        await secret.press("Enter");
        await sends(alice, name, text, 200);
      }
      await alice.reads(TITLE);
    });
  },

  // What the clock of the browser says of the token.
  async expiry() {
    await visit({}, async (alice) => {
      await alice.page.clock.install();
      await getsTokens(alice);
      const read = step(alice, "read");
      await alice.page.clock.fastForward("15:00");
      assert.equal(await read.getByText("15 minutes left of 30 minutes").count(), 2);
      await alice.page.clock.fastForward("15:30");
      assert.equal(await read.getByText("It has expired").count(), 2);
    });
  },

  async gone() {
    await visit({}, async (alice) => {
      await getsTokens(alice);
      process.kill(Number(more[0]), "SIGKILL");
      const tries = [
        ["call", "GET /protected", "/protected"],
        ["end", "Revoke the refresh token", "/revoke"],
      ];
      for (const [name, text, path] of tries) {
        const refused = "net::ERR_CONNECTION_REFUSED";
        alice.expects(
          `failed: ${issuer}${path} ${refused}`,
          `said: Failed to load resource: ${refused}`,
        );
        await button(alice, name, text).click();
        await step(alice, name).getByText("No answer").waitFor();
      }
      // Nobody has revoked anything.
      assert.equal(await step(alice, "read").getByText("It has been revoked").count(), 0);
    });
  },

  async shared_secret() {
    await visit({}, async (alice) => {
      await alice.opens("/");
      await alice.reads("OAuth 2.0 on one port");
      await triesEverything(alice);
      await alice.reads(TITLE);
      assert.equal(await alice.page.getByText(/nonce|ID token|openid|jwks/i).count(), 0);
    });
  },
});

await close();
