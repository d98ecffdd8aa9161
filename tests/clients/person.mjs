// A person before chromium, who logs in wherever they are asked and says yes: what BROWSER names for
// `jott fetch`. The arguments are the folder with node_modules, the address to open and, of a device,
// the code that is to be entered.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const [home, address, code] = process.argv.slice(2);
const library = createRequire(resolve(home, "package.json")).resolve("playwright-core");
const { chromium } = (await import(library)).default;

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
const page = await browser.newPage();
// Some pages ask for fonts that nobody needs.
await page.route(
  (url) => !["127.0.0.1", "localhost"].includes(url.hostname),
  (route) => route.abort(),
);
await page.goto(address, { waitUntil: "domcontentloaded" });

// Each page asks for something, or says how it went.
for (let pages = 0; pages < 10; pages += 1) {
  const text = await page.locator("body").innerText();
  if (/you are (not )?logged in|sign-in success|can close|go back to/i.test(text)) {
    console.log(text);
    break;
  }
  const password = page.locator("input[type=password]");
  const field = page.locator("input:not([type=hidden]):not([type=password]):not([type=submit])");
  if (await password.count()) {
    await field.first().fill("alice");
    await password.fill("wonderland");
  } else if (code !== undefined && (await field.count())) {
    await field.first().fill(code);
  }
  const yes = page.getByRole("button", { name: /^(log in|sign-in|continue|allow|next|yes)/i });
  const left = page.waitForEvent("framenavigated");
  await yes.first().click();
  await left;
  await page.waitForLoadState("domcontentloaded");
}
await browser.close();
