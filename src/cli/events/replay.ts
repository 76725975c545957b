import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fields } from "../../config/fields";
import { propertyOf } from "../../errors/property";
import { readArguments } from "../connection";
import { Failure, ownTerminal, report, UsageError, type Terminal } from "../terminal";
import { lineOf, readTarget, reportOf, sendAll, targetHelp, targetOptions } from "./target";

const help = `Usage: express-aircall replay <file> --to <url> [options]

Sends the events of a file to your app, in their order: what express-aircall listen --record has written, one event as
JSON on each line.

${targetHelp}`;

/** Runs `replay …`. Resolves to its exit code. */
export function runReplay(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "replay", json: args.includes("--json") }, async () => {
    const [file = "", ...rest] = args;
    const named = file !== "" && !file.startsWith("-");
    const given = { args: named ? rest : [...args], options: targetOptions, allowPositionals: true };
    const asked = readArguments(() => parseArgs(given));
    if (asked.help || file === "help") return { text: help, json: { help } };
    if (!named) throw new UsageError("Say which file: express-aircall replay events.jsonl --to …");
    const target = readTarget(asked, terminal.env);
    const token = target.token ?? randomBytes(16).toString("hex");
    const bodies = eventsIn(file).map((event) => ({ ...event, token }));
    const quiet = asked.json ?? false;
    return reportOf(target, await sendAll(target.url, bodies, (sent) => !quiet && terminal.stdout.write(lineOf(sent))));
  });
}

function eventsIn(file: string): object[] {
  const lines = read(file).split("\n");
  const events = lines.flatMap((line, at) => (line.trim() === "" ? [] : [eventOf(line, `${file}, line ${at + 1}`)]));
  if (events.length > 0) return events;
  throw new Failure(`There is no event in ${file}.`);
}

function eventOf(line: string, where: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new Failure(`${where} is no JSON.`);
  }
  const event = fields(parsed);
  if (typeof (event["event"] ?? event["event_name"]) === "string") return { ...event };
  throw new Failure(`${where} is no event: it has neither "event" nor "event_name".`);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${String(propertyOf(error, "code"))}.`);
  }
}
