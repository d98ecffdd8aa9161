// Runs one of the flows of a script: the arguments are the folder with node_modules, the issuer,
// the name of the flow, and what else that needs.

import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { resolve } from "node:path";

const [home, issuer, name, ...more] = process.argv.slice(2);
if (!name) {
  console.error("usage: node SCRIPT FOLDER-OF-node_modules ISSUER NAME [MORE]");
  process.exit(2);
}

export { issuer, more, name };

export const file = (name) => createRequire(resolve(home, "package.json")).resolve(name);

// The path of a file that is installed, whether its package exports it or not.
export const installed = (path) => resolve(home, "node_modules", path);

export const library = (name) => import(file(name));

// Asks the server about itself, or has it do something.
export async function control(path, body) {
  const headers = { "Content-Type": "application/json" };
  const asked = body && { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(`${issuer}/_control/${path}`, asked)).json();
}

export const registrations = async () => (await control("requests?endpoint=register")).count;

export async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}

export const run = (flows) => flows[name]();
