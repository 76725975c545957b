import { suggest } from "../config/suggest";
import { ownTerminal, type Terminal } from "./terminal";
import { ownVersion } from "./version";

type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** Each is loaded when it is run: most say their help sooner than the others would have been read. */
const commands: Readonly<Record<string, { readonly does: string; readonly load: () => Command }>> = {
  simulator: {
    does: "starts a pretend Aircall",
    load: () => read<typeof import("../simulator/cli")>("../simulator/cli").runSimulator,
  },
  check: {
    does: "says what is wrong with the settings, and asks Aircall by GETs",
    load: () => read<typeof import("./check/check")>("./check/check").runCheck,
  },
  trigger: {
    does: "sends one event to your app",
    load: () => read<typeof import("./events/trigger")>("./events/trigger").runTrigger,
  },
  play: {
    does: "sends all events of a call",
    load: () => read<typeof import("./events/play")>("./events/play").runPlay,
  },
  listen: {
    does: "shows and records what the real Aircall sends",
    load: () => read<typeof import("./events/listen")>("./events/listen").runListen,
  },
  replay: {
    does: "sends what was recorded",
    load: () => read<typeof import("./events/replay")>("./events/replay").runReplay,
  },
  login: {
    does: "connects scripts and cron jobs by OAuth",
    load: () => read<typeof import("./login")>("./login").runLogin,
  },
  logout: { does: "ends what login has kept", load: () => read<typeof import("./logout")>("./logout").runLogout },
  whoami: {
    does: "says which company the settings work for",
    load: () => read<typeof import("./whoami")>("./whoami").runWhoami,
  },
  companies: {
    does: "lists the companies that are connected to your app",
    load: () => read<typeof import("./store/companies")>("./store/companies").runCompanies,
  },
  failed: {
    does: "lists the events whose handlers failed",
    load: () => read<typeof import("./store/failed")>("./store/failed").runFailed,
  },
  retry: {
    does: "hands failed events on again",
    load: () => read<typeof import("./store/retry")>("./store/retry").runRetry,
  },
  grants: {
    does: "grants migrate, grants migration: for stores of grants",
    load: () => read<typeof import("./grants")>("./grants").runGrants,
  },
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
  if (Object.hasOwn(commands, name)) return commands[name]!.load()(rest, terminal);
  if (["--help", "-h", "help"].includes(name)) return write(stdout, help, 0);
  if (name === "--version") return write(stdout, `${ownVersion()}\n`, 0);
  if (name === "") return write(stderr, "Say which command. Try express-aircall --help.\n", 2);
  const meant = suggest(name, names);
  const hint = meant === null ? "" : ` Did you mean ${meant}?`;
  return write(stderr, `There is no command "${name}".${hint} Try express-aircall --help.\n`, 2);
}

function read<Module>(path: string): Module {
  // oxlint-disable-next-line typescript/no-require-imports, typescript/no-unsafe-return -- as late as it is needed
  return require(path);
}

function write(stream: Terminal["stdout"], text: string, code: number): number {
  stream.write(text);
  return code;
}
