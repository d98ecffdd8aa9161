// A person before chromium, and one who looks over their shoulder: whatever the browser says, asks
// of others or is refused is noticed, and all that was noticed has to be what was expected.

import assert from "node:assert/strict";

import { Client } from "./client.mjs";
import { issuer, library } from "./flows.mjs";
import { checkPage } from "./page_checks.mjs";

const { chromium } = (await library("playwright-core")).default;

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
];

// What all paths of the server begin with.
const BASE = new URL(issuer).pathname.replace(/\/$/, "");

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });

export const close = () => browser.close();

// Runs some steps with cookies and storage of their own, and a client that the answers go to. Of
// the options `origins` are those of more names of the server, `check` is what every page that is
// read has to pass, and the others are of a context of playwright.
export async function visit({ origins = [], check = checkPage, ...options }, steps) {
  const client = await Client.start();
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  try {
    const places = [issuer, client.callback, ...origins];
    const noticed = await watch(
      context,
      places.map((place) => new URL(place).origin),
    );
    const page = await context.newPage();
    const person = new Person(page, check);
    await steps(person, client);
    assert.deepEqual(noticed.sort(), person.expected.sort());
  } finally {
    await context.close();
    client.stop();
  }
}

// An answer, by status, method and path.
export function inShort(response) {
  const path = new URL(response.url()).pathname.slice(BASE.length);
  return `${response.status()} ${response.request().method()} ${path}`;
}

// Everything that ought not to be, as it comes.
async function watch(context, origins) {
  const noticed = [];
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      console.error(`against the policy: ${effectiveDirective} ${blockedURI}`),
    );
  });
  context.on("console", (message) => {
    // Chromium says this of every answer that is noticed below.
    const isOfAnswer = /^Failed to load resource: the server responded with a status of \d+/;
    if (!isOfAnswer.test(message.text())) noticed.push(`said: ${message.text()}`);
  });
  context.on("weberror", (error) => noticed.push(`thrown: ${error.error()}`));
  context.on("dialog", (dialog) => noticed.push(`dialog: ${dialog.message()}`));
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && !origins.includes(origin)) noticed.push(`asked: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    const { errorText } = request.failure();
    // Whoever leaves a page does not wait for its icon.
    const isIcon = request.resourceType() === "other" && errorText === "net::ERR_ABORTED";
    // Nor for requests that may come.
    const isWaiting = request.url().includes("/_control/requests?") && errorText === "net::ERR_ABORTED";
    if (!isIcon && !isWaiting) noticed.push(`failed: ${request.url()} ${errorText}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) noticed.push(inShort(response));
  });
  return noticed;
}

// What a person does, by what they see and hear: the names of things, and no ids or classes.
class Person {
  expected = [];

  constructor(page, check) {
    this.page = page;
    this.check = check;
  }

  // Says beforehand what will be noticed.
  expects(...what) {
    this.expected.push(...what);
  }

  async opens(target) {
    await this.page.goto(target.startsWith("/") ? `${issuer}${target}` : target);
  }

  // Is at the page of a heading, which is as it ought to be.
  async reads(heading) {
    await this.page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
    await this.page.waitForLoadState();
    await this.check(this.page);
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name, place = this.page) {
    return place.getByRole("button", { name, exact: true });
  }

  link(name, place = this.page) {
    return place.getByRole("link", { name, exact: true });
  }

  async presses(name, place) {
    await this.button(name, place).click();
  }

  // Does what leads to another page, or to the same once more.
  async leaves(act) {
    const isLeft = this.page.waitForEvent("framenavigated");
    await act();
    await isLeft;
  }

  // The page has put the focus somewhere by itself before anything is written.
  async logsIn(name = "alice", password = "wonderland") {
    await this.page.locator(":focus").waitFor();
    await this.field("Name").fill(name);
    await this.field("Password").fill(password);
    await this.leaves(() => this.presses("Log in"));
  }

  // Logs in for a client, and is asked for consent.
  async logsInFor(client, changes) {
    await this.opens(client.request(changes));
    await this.logsIn();
    await this.page.getByRole("heading", { name: "Allow access?" }).waitFor();
  }

  // Is at the page of the client.
  async comesBack() {
    await this.page.getByRole("heading", { name: "Back at the client" }).waitFor();
  }

  // Is where the keyboard writes.
  async isAt(target) {
    await target.and(this.page.locator(":focus")).waitFor();
  }

  // Goes on with the Tab key alone.
  async tabsTo(target) {
    for (let presses = 0; presses < 300; presses += 1) {
      await this.page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    assert.fail(`the Tab key does not lead to ${target}`);
  }

  // Writes where the focus is, and goes on.
  async types(text) {
    await this.page.keyboard.type(text);
  }

  async hits(key) {
    await this.page.keyboard.press(key);
  }
}
