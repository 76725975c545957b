import { parseArgs } from "node:util";
import type { Delivery } from "../../simulator/webhooks/delivery";
import { createSimulator } from "../../simulator/simulator";
import { readArguments } from "../connection";
import { ownTerminal, report, UsageError, type Terminal } from "../terminal";
import { lineOf, readTarget, reportOf, targetHelp, targetOptions, type Sent, type Target } from "./target";

const help = `Usage: express-aircall play --to <url> [options]

Lets a whole call happen to your app: created, rung, answered or not, hung up, ended, recorded and transcribed, in the
bodies that Aircall sends. Its company is made up: needs no account.

${targetHelp}  --outcome <word>         answered, missed or voicemail (by chance)
  --pause-ms <number>      between one step and the next (0)
`;

const outcomes = ["answered", "missed", "voicemail"] as const;
const text = { type: "string" } as const;

interface Played {
  readonly outcome: (typeof outcomes)[number] | undefined;
  readonly pauseMs: number;
}

/** Runs `play …`. Resolves to its exit code. */
export function runPlay(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "play", json: args.includes("--json") }, async () => {
    const options = { ...targetOptions, outcome: text, "pause-ms": text };
    const asked = readArguments(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    if (asked.help) return { text: help, json: { help } };
    const target = readTarget(asked, terminal.env);
    const how = { outcome: readOutcome(asked.outcome), pauseMs: readPause(asked["pause-ms"]) };
    const quiet = asked.json ?? false;
    const sent = await play(target, how, (one) => !quiet && terminal.stdout.write(lineOf(one)));
    return reportOf(target, sent);
  });
}

async function play({ url, token }: Target, how: Played, onSent: (sent: Sent) => void): Promise<readonly Sent[]> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const simulator = createSimulator({
    seed,
    kind: true,
    callsPerDay: 1,
    webhooks: { attempts: 1, disableAfter: 1_000 },
  });
  simulator.addWebhook({ url, token: token ?? undefined, madeByApp: true });
  const shown: Sent[] = [];
  const show = () => {
    for (const delivery of simulator.deliveries.slice(shown.length)) {
      const sent = sentOf(delivery);
      if (!sent) return;
      shown.push(sent);
      onSent(sent);
    }
  };
  const watch = setInterval(show, 50);
  try {
    await simulator.playCall(how);
    await simulator.settled();
  } finally {
    clearInterval(watch);
  }
  show();
  await simulator.close();
  return shown;
}

function sentOf({ event, attempts }: Delivery): Sent | null {
  const [attempt] = attempts;
  return attempt ? { event, status: attempt.status, reason: attempt.reason, tookMs: attempt.tookMs } : null;
}

function readOutcome(given: string | undefined): Played["outcome"] {
  const found = outcomes.find((outcome) => outcome === given);
  if (given === undefined || found) return found;
  throw new UsageError(`--outcome is ${outcomes.join(", ")}, not "${given}".`);
}

function readPause(given = "0"): number {
  if (/^\d{1,6}$/.test(given)) return Number(given);
  throw new UsageError(`--pause-ms is a whole number of milliseconds, not "${given}".`);
}
