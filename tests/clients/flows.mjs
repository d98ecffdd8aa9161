// Runs one of the flows of a script: the arguments are the folder with node_modules, the issuer,
// the name of the flow, and what else that needs.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const [home, issuer, name, ...more] = process.argv.slice(2);
if (!name) {
  console.error("usage: node SCRIPT FOLDER-OF-node_modules ISSUER NAME [MORE]");
  process.exit(2);
}

export { issuer, more, name };

export const file = (name) => createRequire(resolve(home, "package.json")).resolve(name);

export const library = (name) => import(file(name));

export const run = (flows) => flows[name]();
