// The scenarios for authorization servers of the conformance suite of the Model Context Protocol. The arguments
// are those of flows.mjs, where the name is that of a client, `-` for none, and what follows it are its secret,
// where it has one, and more arguments for the suite. Prints a line of JSON for each check.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort, installed, issuer, more, name } from "./flows.mjs";

// A browser that is asked nothing: it follows a log-in back to the suite.
async function open(address) {
  const response = await fetch(address, { redirect: "manual" });
  const back = response.headers.get("location");
  if (!back) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  await fetch(back);
}

const folder = await mkdtemp(join(tmpdir(), "conformance-"));
const program = installed("@modelcontextprotocol/conformance/dist/index.js");
const client = name === "-" ? [] : ["--client-id", name];
const options = ["--url", issuer, "--port", await freePort(), "--output-dir", folder, ...client, ...more];
const suite = spawn(installed("node/bin/node"), [program, "authorization", ...options], {
  stdio: ["ignore", "pipe", "inherit"],
});
for await (const line of createInterface({ input: suite.stdout })) {
  if (line.startsWith(`${issuer}/authorize?`)) open(line).catch((e) => console.error(e));
}
for (const scenario of await readdir(folder)) {
  const checks = JSON.parse(await readFile(join(folder, scenario, "checks.json"), "utf8"));
  for (const { id, status, errorMessage } of checks) {
    console.log(JSON.stringify({ id, status, message: errorMessage ?? null }));
  }
}
await rm(folder, { recursive: true });
