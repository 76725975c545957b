import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { suggest } from "../../config/suggest";
import { webhookEvents } from "../../simulator/data/webhooks";
import { createSimulator } from "../../simulator/simulator";
import { readArguments } from "../connection";
import { ownTerminal, report, UsageError, type Terminal } from "../terminal";
import { setAll } from "./set";
import { lineOf, readTarget, reportOf, sendAll, targetHelp, targetOptions } from "./target";

const help = `Usage: express-aircall trigger <event> --to <url> [options]

Sends one event to your app, such as call.ended, in the body that Aircall sends, about a made-up company. Needs no account.

${targetHelp}  --set <path>=<value>     changes what is sent: --set data.direction=inbound. The value is JSON, or else text; may be
                           repeated
  --list                   names the events
`;

/** Runs `trigger …`. Resolves to its exit code. */
export function runTrigger(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "trigger", json: args.includes("--json") }, async () => {
    const options = { ...targetOptions, set: { type: "string", multiple: true }, list: { type: "boolean" } } as const;
    const [event, rest] = splitEvent(args);
    const asked = readArguments(() => parseArgs({ args: rest, options, allowPositionals: true }));
    if (asked.help || event === "help") return { text: help, json: { help } };
    if (asked.list) return { text: `${webhookEvents.join("\n")}\n`, json: { events: webhookEvents } };
    const target = readTarget(asked, terminal.env);
    const body = setAll(bodyOf(requireEvent(event), target.token), asked.set ?? []);
    const quiet = asked.json ?? false;
    const sent = await sendAll(target.url, [body], (one) => !quiet && terminal.stdout.write(lineOf(one)));
    return reportOf(target, sent);
  });
}

/** The event, which stands before the options, and these; null where there is none. */
function splitEvent(args: readonly string[]): [string | null, string[]] {
  const [first = "", ...rest] = args;
  return first === "" || first.startsWith("-") ? [null, [...args]] : [first, rest];
}

function requireEvent(event: string | null): `${string}.${string}` {
  if (event === null) throw new UsageError("Say which event: express-aircall trigger call.ended --to …");
  const known = webhookEvents.find((one) => one === event);
  if (known) return known;
  const meant = suggest(event, webhookEvents);
  const hint = meant === null ? "--list names them." : `Did you mean ${meant}?`;
  throw new UsageError(`There is no event ${event}. ${hint}`);
}

/** The body that Aircall sends, from a simulator that drops every delivery. */
function bodyOf(event: `${string}.${string}`, token: string | null): object {
  const simulator = createSimulator({
    kind: true,
    callsPerDay: 1,
    webhooks: { drop: 1 },
    url: "https://api.aircall.io",
  });
  const url = "https://example.com";
  simulator.addWebhook({ url, token: token ?? randomBytes(16).toString("hex"), madeByApp: true });
  const [delivery] = simulator.emit(event);
  return { ...delivery?.body };
}
