// What programs do that bring an application to `/mcp`, from the first 401 on: mcp-remote, which is a server
// over a pipe, and the command line of the inspector. flows.mjs has the arguments.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { control, freePort, installed, issuer, more, registrations, run } from "./flows.mjs";

const [url] = more;
const READS = "mcp:read offline_access";

// A program over whose input and output messages go.
class Remote {
  #waiting = new Map();
  #child;
  #gone;

  // Its port is one that is free, and its log-in may take as long as a busy machine needs.
  constructor(port, options) {
    const program = installed("mcp-remote/dist/proxy.js");
    const more = ["--allow-http", "--auth-timeout", "120", ...options];
    const given = [program, `${issuer}/mcp`, `${port}`, ...more];
    this.#child = spawn(process.execPath, given, { stdio: ["pipe", "pipe", "pipe"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const message = JSON.parse(line);
      this.#waiting.get(message.id)?.(message);
    });
    // Where it ends by itself, it says why in its log.
    const log = text(this.#child.stderr);
    this.#gone = once(this.#child, "exit").then(async ([status, signal]) => {
      return { error: `it ended with ${status ?? signal}: ${await log}` };
    });
  }

  #send(message) {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  async ask(method, params) {
    const id = this.#waiting.size + 1;
    const answered = new Promise((done) => this.#waiting.set(id, done));
    this.#send({ id, method, params });
    const { result, error } = await Promise.race([answered, this.#gone]);
    assert.ok(result, JSON.stringify(error));
    return result;
  }

  async initialize() {
    const clientInfo = { name: "a test", version: "1" };
    const asked = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const { serverInfo } = await this.ask("initialize", asked);
    this.#send({ method: "notifications/initialized" });
    return serverInfo;
  }

  async call(name, given = {}) {
    return (await this.ask("tools/call", { name, arguments: given })).structuredContent;
  }

  async end() {
    this.#child.kill();
    await this.#gone;
  }
}

const asked = async () => (await control("requests?endpoint=authorize")).count;

async function remoteLogsIn(...options) {
  const remote = new Remote(await freePort(), options);
  assert.equal((await remote.initialize()).name, "jott serve-demo");
  const told = await remote.call("whoami");
  assert.deepEqual([told.sub, told.scope], ["alice", READS]);
  assert.equal((await remote.call("write_note", { text: "milk" })).id, 1);
  assert.equal((await remote.call("whoami")).scope, `${READS} mcp:write`);
  const before = await asked();
  await control("clock", { advance: "31m" });
  assert.equal((await remote.call("whoami")).scope, `${READS} mcp:write`);
  assert.equal(await asked(), before);
  await remote.end();
  return told.client_id;
}

// The command line of the inspector. It asks for all scopes of the metadata where nobody tells it for which.
async function inspector(options) {
  const program = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");
  const oauth = { scopes: READS };
  const demo = { type: "streamable-http", url: `${issuer}/mcp`, oauth };
  const config = join(homedir(), "servers.json");
  await writeFile(config, JSON.stringify({ mcpServers: { demo } }));
  const back = ["--callback-url", `http://127.0.0.1:${await freePort()}/oauth/callback`];
  const place = ["--config", config, "--server", "demo", ...back, ...options, "--format", "json"];

  // Calls a tool; it asks before it steps up, and hears yes.
  return async (tool, ...given) => {
    const call = ["--method", "tools/call", "--tool-name", tool, ...given];
    const all = [program, "--cli", ...place, ...call];
    const child = spawn(installed("node/bin/node"), all, { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => {}).end("y\n");
    const [said, noted] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.notEqual(said, "", noted);
    return JSON.parse(said).result.structuredContent;
  };
}

async function inspectorLogsIn(...options) {
  const inspects = await inspector(options);
  const told = await inspects("whoami");
  assert.deepEqual([told.sub, told.scope], ["alice", READS]);
  assert.equal((await inspects("write_note", "--tool-arg", "text=milk")).id, 1);
  assert.equal((await inspects("whoami")).scope, `${READS} mcp:write`);
  const before = await asked();
  await control("clock", { advance: "31m" });
  assert.equal((await inspects("whoami")).scope, `${READS} mcp:write`);
  assert.equal(await asked(), before);
  return told.client_id;
}

async function registers(logsIn) {
  assert.match(await logsIn(), /^client-/);
  assert.equal(await registrations(), 1);
}

async function hasDocument(logsIn) {
  assert.equal(await logsIn("--client-metadata-url", url), url);
  assert.equal(await registrations(), 0);
}

await run({
  remote_registers: () => registers(remoteLogsIn),
  remote_has_a_document: () => hasDocument(remoteLogsIn),
  inspector_registers: () => registers(inspectorLogsIn),
  inspector_has_a_document: () => hasDocument(inspectorLogsIn),
});
