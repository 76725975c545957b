import { parseArgs } from "node:util";
import type { SimulatorOptions } from "./options";

/** What to start, and where. */
export interface Asked {
  readonly port: number;
  readonly host: string;
  readonly options: SimulatorOptions;
}

/** What was typed cannot be done; the message is a sentence for who typed it. */
export class UsageError extends Error {}

/** @throws {UsageError} for an unknown option or command, and for a number that is none. */
export function readArguments(args: readonly string[]): Asked | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  requireSimulator(positionals);

  const seed = whole("--seed", values.seed, 2 ** 31 - 1);
  const calls = whole("--calls", values.calls, 1_000_000);
  const contacts = whole("--contacts", values.contacts, 1_000_000);
  const rateLimit = whole("--rate-limit", values["rate-limit"], 1_000_000);
  const expiresInSeconds = whole("--expires-in", values["expires-in"], 1e9);
  const options = { seed, calls, contacts, rateLimit, expiresInSeconds };
  return {
    port: whole("--port", values.port, 65_535) ?? 4_000,
    host: values.host,
    options: { ...given(options), ...(values.rotate && { tokens: "rotating" }) },
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = {
    port: text,
    host: { type: "string", default: "127.0.0.1" },
    seed: text,
    calls: text,
    contacts: text,
    rotate: flag,
    "expires-in": text,
    "rate-limit": text,
    help: { ...flag, short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

function requireSimulator([command, ...more]: readonly string[]): void {
  if (command === undefined) throw new UsageError("Say what to start: express-aircall simulator.");
  if (command !== "simulator") throw new UsageError(`Unknown command "${command}".`);
  if (more[0] !== undefined) throw new UsageError(`The simulator takes no "${more[0]}".`);
}

function whole(name: string, value: string | undefined, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (number <= most) return number;
  throw new UsageError(`${name} is a whole number from 0 to ${most}, not "${value}".`);
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
