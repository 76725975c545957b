import { suggest } from "../config/suggest";
import { runSimulator } from "../simulator/cli";
import { runCheck } from "./check/check";
import { runListen } from "./events/listen";
import { runPlay } from "./events/play";
import { runReplay } from "./events/replay";
import { runTrigger } from "./events/trigger";
import { runGrants } from "./grants";
import { runLogin } from "./login";
import { runLogout } from "./logout";
import { runCompanies } from "./store/companies";
import { runFailed } from "./store/failed";
import { runRetry } from "./store/retry";
import { ownTerminal, type Terminal } from "./terminal";
import { ownVersion } from "./version";
import { runWhoami } from "./whoami";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, { readonly does: string; readonly run: Command }>> = {
  simulator: { does: "starts a pretend Aircall", run: (args) => runSimulator(args) },
  check: { does: "says what is wrong with the settings, and asks Aircall by GETs", run: runCheck },
  trigger: { does: "sends one event to your app", run: (args, terminal) => runTrigger(args, terminal) },
  play: { does: "sends all events of a call", run: (args, terminal) => runPlay(args, terminal) },
  listen: { does: "shows and records what the real Aircall sends", run: (args, terminal) => runListen(args, terminal) },
  replay: { does: "sends what was recorded", run: (args, terminal) => runReplay(args, terminal) },
  login: { does: "connects scripts and cron jobs by OAuth", run: runLogin },
  logout: { does: "ends what login has kept", run: runLogout },
  whoami: { does: "says which company the settings work for", run: runWhoami },
  companies: { does: "lists the companies that are connected to your app", run: runCompanies },
  failed: { does: "lists the events whose handlers failed", run: runFailed },
  retry: { does: "hands failed events on again", run: runRetry },
  grants: { does: "grants migrate, grants migration: for stores of grants", run: runGrants },
};

const names = Object.keys(commands);
const width = Math.max(...names.map((name) => name.length));
const help = `Usage: express-aircall <command> [options]

${names.map((name) => `  ${name.padEnd(width)}  ${commands[name]!.does}\n`).join("")}
express-aircall <command> --help says the rest. All take --json, for programs.
`;

/** Runs a command by its name. Resolves to its exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  const [name = "", ...rest] = args;
  const { stdout, stderr } = terminal;
  if (Object.hasOwn(commands, name)) return commands[name]!.run(rest, terminal);
  if (["--help", "-h", "help"].includes(name)) return write(stdout, help, 0);
  if (name === "--version") return write(stdout, `${ownVersion()}\n`, 0);
  if (name === "") return write(stderr, "Say which command. Try express-aircall --help.\n", 2);
  const meant = suggest(name, names);
  const hint = meant === null ? "" : ` Did you mean ${meant}?`;
  return write(stderr, `There is no command "${name}".${hint} Try express-aircall --help.\n`, 2);
}

function write(stream: Terminal["stdout"], text: string, code: number): number {
  stream.write(text);
  return code;
}
