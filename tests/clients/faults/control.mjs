// What a client makes of faults; control.py says what goes in and what comes out. The arguments are
// the folder with node_modules and the issuer.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";

const [home, issuer] = process.argv.slice(2);
const LONGEST = 160;

export { issuer };

const { resolve: file } = createRequire(resolve(home, "package.json"));

export const library = (name) => import(file(name));

const version = (name) => {
  const lock = JSON.parse(readFileSync(resolve(home, "node_modules", name, "package.json")));
  return lock.version;
};

// A step at which the client ended, and its error.
class Refused extends Error {}

export async function step(name, call) {
  try {
    return await call();
  } catch (error) {
    const { cause } = error;
    const words = [error.name, error.code, error.error, cause?.code, cause?.message ?? error.message];
    const cited = words.filter((word, at) => word && words.indexOf(word) === at);
    throw new Refused(`${name}: ${cited.join(": ")}`);
  }
}

async function control(path, body) {
  const headers = { "Content-Type": "application/json" };
  const asked = body && { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`${issuer}/_control/${path}`, asked);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

// Where the browser is sent from the authorization endpoint.
export async function redirected(url) {
  const response = await fetch(url, { redirect: "manual" });
  return new URL(response.headers.get("location"), url);
}

// Lets a minute go by, where a fault wants it to.
export async function later(fault) {
  if (fault === "lying-expires-in") await control("clock", { advance: "1m" });
}

function plain(text) {
  const words = text.replace(/\s+/g, " ").trim().replaceAll(issuer, "ISSUER");
  const same = words.replace(/127\.0\.0\.1:\d+/g, "HOST").replace(/\d{5,}/g, "N");
  return same.length <= LONGEST ? same : `${same.slice(0, LONGEST).trimEnd()}…`;
}

async function outcome(rule, flow) {
  await control("reset", {});
  await control("clock", { reset: true });
  await control("faults", rule);
  let result = "accepted";
  try {
    await flow(rule.fault);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    result = `refused at ${error.message}`;
  }
  const { active } = await control("faults");
  if (active.length && !active[0].acted) return "not met";
  const { requests } = await control("requests");
  const seen = (...wanted) =>
    requests.filter(({ method, path, status }) => `${[method, path, status]}` === `${wanted}`).length;
  if (seen("POST", "/token", 503) > 1) result = `tries again; ${result}`;
  if (!seen("POST", "/elsewhere", 404)) return result;
  return `posts what it sent to where that leads; ${result}`;
}

export async function run(name, flow) {
  console.log(`version\t${version(name)}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const rule = JSON.parse(line);
    console.log(`${rule.fault}\t${plain(await outcome(rule, flow))}`);
  }
}
