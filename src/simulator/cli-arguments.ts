import { parseArgs } from "node:util";
import type { SimulatorOptions } from "./options";

/** What to start, and where. */
export interface Asked {
  readonly port: number;
  readonly host: string;
  readonly options: SimulatorOptions;
  /** Asked for by a program. */
  readonly json: boolean;
}

/** What was typed cannot be done; the message is a sentence for who typed it. */
export class UsageError extends Error {}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const known = {
  port: text,
  host: text,
  seed: text,
  calls: text,
  contacts: text,
  rotate: flag,
  kind: flag,
  live: flag,
  "expires-in": text,
  "rate-limit": text,
  help: { ...flag, short: "h" },
  json: flag,
} as const;

/** @throws {UsageError} for an unknown option, and for a number that is none. */
export function readArguments(args: readonly string[]): Asked | "help" {
  const { values, positionals } = parse(args);
  if (values.help || positionals.includes("help")) return "help";
  if (positionals[0] !== undefined) throw new UsageError(`The simulator takes no "${positionals[0]}".`);

  const seed = whole("--seed", values.seed, [0, 2 ** 31 - 1]);
  const calls = whole("--calls", values.calls, [0, 1_000_000]);
  const contacts = whole("--contacts", values.contacts, [0, 1_000_000]);
  const rateLimit = whole("--rate-limit", values["rate-limit"], [1, 1_000_000]);
  const expiresInSeconds = whole("--expires-in", values["expires-in"], [0, 1e9]);
  const options = { seed, calls, contacts, rateLimit, expiresInSeconds };
  return {
    port: whole("--port", values.port, [0, 65_535]) ?? 4_000,
    host: values.host ?? "127.0.0.1",
    json: values.json ?? false,
    options: {
      ...given(options),
      ...(values.rotate && { tokens: "rotating" }),
      ...(values.kind && { kind: true }),
      ...(values.live && { live: true }),
    },
  };
}

type Values = { readonly [Name in keyof typeof known]?: (typeof known)[Name]["type"] extends "string" ? string : true };

/** Not strict: parseArgs takes `--seed -1` for ambiguous, and does not say which options there are. */
function parse(args: readonly string[]): { values: Values; positionals: readonly string[] } {
  const how = { options: known, allowPositionals: true, strict: false, tokens: true } as const;
  const { values, positionals, tokens } = parseArgs({ args: [...args], ...how });
  for (const token of tokens) if (token.kind === "option") requireOption(token);
  return { values: values as Values, positionals };
}

function requireOption({ name, rawName, value }: { name: string; rawName: string; value?: string | undefined }): void {
  const names = Object.keys(known);
  if (!names.includes(name)) {
    throw new UsageError(`Unknown option "${rawName}". Known: ${names.map((one) => `--${one}`).join(", ")}.`);
  }
  const takesValue = known[name as keyof typeof known].type === "string";
  if (!takesValue && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
  const isOption = /^-\D/.test(value ?? "");
  if (takesValue && (!value || isOption)) throw new UsageError(`${rawName} needs a value.`);
}

function whole(name: string, value: string | undefined, [least, most]: readonly [number, number]): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${value}".`);
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
