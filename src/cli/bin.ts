#!/usr/bin/env node
import { runCli } from "../simulator/cli";
import { runListen } from "./events/listen";
import { runPlay } from "./events/play";
import { runReplay } from "./events/replay";
import { runTrigger } from "./events/trigger";
import { runGrants } from "./grants";
import { runLogin } from "./login";
import { runLogout } from "./logout";
import { runWhoami } from "./whoami";

const [command = "", ...rest] = process.argv.slice(2);
const commands = new Map<string, (args: readonly string[]) => Promise<number>>([
  ["grants", runGrants],
  ["listen", (args) => runListen(args)],
  ["login", (args) => runLogin(args)],
  ["logout", (args) => runLogout(args)],
  ["play", (args) => runPlay(args)],
  ["replay", (args) => runReplay(args)],
  ["trigger", (args) => runTrigger(args)],
  ["whoami", (args) => runWhoami(args)],
]);
const run = commands.get(command);

void (run ? run(rest) : runCli(process.argv.slice(2))).then((code) => {
  process.exitCode = code;
});
