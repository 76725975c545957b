import { parseArgs } from "node:util";
import type { FailedEvent } from "../../webhooks/engine";
import { createDeadLetters } from "../../webhooks/in-process/dead-letters";
import { maskNumbers } from "../events/mask";
import { readArguments } from "../connection";
import { ownTerminal, report, type Report, type Terminal } from "../terminal";
import { exportOf, loadModule } from "./module";
import { placeHelp, placeOptions, withStore, type Place } from "./place";
import { table } from "./table";

const help = `Usage: express-aircall failed (--module <file> | --redis <url> | --postgres <url>) [options]

Lists the events whose handlers failed, and nobody tries again by themselves. With a queue such as BullMQ they lie there,
and only --module finds them. What they carry is left out; in --json phone numbers in texts are masked.

${placeHelp}`;

/** Runs `failed …`. Resolves to its exit code: 1 where there is one. */
export function runFailed(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "failed", json: args.includes("--json") }, async () => {
    const all = { args: [...args], options: placeOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(all));
    if (asked.help) return { text: help, json: { help } };
    const { module: file } = asked;
    return shown(file === undefined ? await fromStore(asked, terminal) : await fromModule(file));
  });
}

async function fromModule(file: string): Promise<FailedEvent[]> {
  const events = exportOf(await loadModule(file), { name: "events", method: "failed", file });
  return collect(events.failed());
}

function fromStore(place: Place, terminal: Terminal): Promise<FailedEvent[]> {
  return withStore(place, terminal, async ({ store, app }) => {
    return collect(createDeadLetters(store.records(`failed-events:${app}`)).list());
  });
}

async function collect(events: AsyncIterable<FailedEvent>): Promise<FailedEvent[]> {
  const found: FailedEvent[] = [];
  for await (const event of events) found.push(event);
  return found.sort((one, other) => one.failedAt.getTime() - other.failedAt.getTime());
}

function shown(failed: readonly FailedEvent[]): Report & { readonly code: number } {
  const rows = failed.map(({ id, event, attempts, error, failedAt }) => {
    return [id, event.name, String(attempts), failedAt.toISOString(), oneLine(error)];
  });
  const facts = failed.map(({ id, event, attempts, error, failedAt }) => {
    const { data: _, ...envelope } = event;
    return maskNumbers({ id, event: envelope, attempts, error, failedAt: failedAt.toISOString() });
  });
  return {
    text: rows.length === 0 ? "No event has failed.\n" : table(["Id", "Event", "Tries", "Failed at", "Why"], rows),
    json: { failed: facts },
    code: rows.length === 0 ? 0 : 1,
  };
}

const mostLetters = 100;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= mostLetters ? line : `${line.slice(0, mostLetters - 1)}…`;
}
