// How a job of GitHub Actions asks for its token, by the library that actions use.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , home, audience] = process.argv;
const library = resolve(home, "node_modules/@actions/core/lib/core.js");
const { getIDToken } = await import(pathToFileURL(library));
// It prints a command that has the runner hide the token, which is for the log of a runner.
const write = process.stdout.write;
process.stdout.write = () => true;
const token = await getIDToken(audience);
process.stdout.write = write;
process.stdout.write(token);
