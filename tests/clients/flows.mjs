// Runs one of the flows of a script: the arguments are the folder with node_modules, the issuer and
// the name of the flow.

import { createRequire } from "node:module";

const [home, issuer, name] = process.argv.slice(2);

export { issuer };

export const library = (name) => import(createRequire(`${home}/`).resolve(name));

export const run = (flows) => flows[name]();
