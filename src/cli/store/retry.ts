import { parseArgs } from "node:util";
import { describeFailure } from "../../webhooks/failure-text";
import { readParsed } from "../connection";
import { progress } from "../progress";
import { ownTerminal, report, UsageError, type Report, type Terminal } from "../terminal";
import { exportOf, loadModule, type AppsModule } from "./module";
import { moduleHelp } from "./place";

const help = `Usage: express-aircall retry (<id>… | --all) --module <file> [options]

Hands failed events on again, with the handlers of your app: those of these ids, as express-aircall failed lists them, or
all. With a queue such as BullMQ its next worker handles them.

${moduleHelp}  --all                every event that has failed
  --json               for programs
`;

type Events = NonNullable<AppsModule["events"]>;

/** Runs `retry …`. Resolves to its exit code: 1 where one failed again, or is not there. */
export function runRetry(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "retry", json: args.includes("--json") }, async () => {
    const flag = { type: "boolean" } as const;
    const options = { module: { type: "string" }, all: flag, json: flag, help: { ...flag, short: "h" } } as const;
    const parsed = () => parseArgs({ args: [...args], options, allowPositionals: true });
    const { values, positionals: ids } = readParsed(parsed);
    if (values.help || ids[0] === "help") return { text: help, json: { help } };
    const { module: file, all = false } = values;
    if (file === undefined) throw new UsageError("Say whose handlers they are for: --module <file>.");
    if (all === ids.length > 0) throw new UsageError("Say which: ids, or --all.");
    const events = exportOf(await loadModule(file), { name: "events", method: "retry", file });
    return shown(await retry(events, all ? await everyId(events) : ids, terminal));
  });
}

async function everyId(events: Events): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events.failed()) ids.push(id);
  return ids;
}

interface Retried {
  readonly id: string;
  readonly came: "done" | "absent" | "failed";
  readonly error: string | null;
}

/** One after the other: what broke the first may break all. */
async function retry(events: Events, ids: readonly string[], terminal: Terminal): Promise<Retried[]> {
  const bar = progress(terminal, { label: "Events", total: ids.length });
  const all: Retried[] = [];
  for (const id of ids) {
    all.push(await retryOne(events, id));
    bar.step();
  }
  bar.end();
  return all;
}

async function retryOne(events: Events, id: string): Promise<Retried> {
  try {
    return { id, came: (await events.retry(id)) ? "done" : "absent", error: null };
  } catch (error) {
    return { id, came: "failed", error: describeFailure(error) };
  }
}

function shown(all: readonly Retried[]): Report & { readonly code: number } {
  const lines = all.map(({ id, came, error }) => `${id}  ${words[came]}${error === null ? "" : `: ${error}`}\n`);
  return {
    text: lines.join("") || "No event has failed.\n",
    json: { retried: all },
    code: all.every(({ came }) => came === "done") ? 0 : 1,
  };
}

const words = { done: "handed on", absent: "there is no such failed event", failed: "failed again" };
