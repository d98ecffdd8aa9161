#!/usr/bin/env node
// Runs the program of the package for this machine, which npm chose among the optional ones.
"use strict";
const { spawnSync } = require("node:child_process");

const name = `jott-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "jott.exe" : "jott";
let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(`error: the package ${name} is not installed\nhint: install without \`--no-optional\`, or build jott with cargo`);
  process.exit(5);
}
const run = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (run.error) throw run.error;
if (run.signal) process.kill(process.pid, run.signal);
process.exitCode = run.status ?? 5;
