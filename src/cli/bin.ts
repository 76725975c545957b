#!/usr/bin/env node
import { runCli } from "../simulator/cli";
import { runGrants } from "./grants";

const [command, ...rest] = process.argv.slice(2);

void (command === "grants" ? runGrants(rest) : runCli(process.argv.slice(2))).then((code) => {
  process.exitCode = code;
});
