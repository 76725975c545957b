#!/usr/bin/env node
import { runCli } from "../simulator/cli";
import { runGrants } from "./grants";
import { runLogin } from "./login";
import { runLogout } from "./logout";
import { runWhoami } from "./whoami";

const [command = "", ...rest] = process.argv.slice(2);
const commands = new Map<string, (args: readonly string[]) => Promise<number>>([
  ["grants", runGrants],
  ["login", (args) => runLogin(args)],
  ["logout", (args) => runLogout(args)],
  ["whoami", (args) => runWhoami(args)],
]);
const run = commands.get(command);

void (run ? run(rest) : runCli(process.argv.slice(2))).then((code) => {
  process.exitCode = code;
});
