#!/usr/bin/env node
import { runCommand } from "./commands";

const args = process.argv.slice(2);

void runCommand(args).then((code) => {
  process.exitCode = code;
  // The app's own connections, which nobody here can close, would keep the process alive.
  if (args.some((arg) => arg.startsWith("--module"))) process.stdout.write("", () => process.exit());
});
