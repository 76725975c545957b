import type { Readable, Writable } from "node:stream";
import { AircallError } from "../errors/errors";

/** Where a command is typed, and how long it waits for who sits there. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly waitMs: number;
}

const fiveMinutesMs = 300_000;

export function ownTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  return { env, stdin, stdout, stderr, waitMs: fiveMinutesMs };
}

/** What a command found out: for people, and for programs that asked by `--json`. */
export interface Report {
  readonly text: string;
  readonly json: object;
}

/** The command was typed wrongly: exit code 2. */
export class UsageError extends Error {}

/** The command cannot do what was asked: exit code 1. */
export class Failure extends Error {}

/** Writes what came of a command, and answers its exit code. */
export async function report(
  { stdout, stderr }: Terminal,
  { name, json }: { readonly name: string; readonly json: boolean },
  work: () => Promise<Report & { readonly code?: number }>,
): Promise<number> {
  try {
    const { text, json: facts, code = 0 } = await work();
    stdout.write(json ? `${JSON.stringify(facts)}\n` : text);
    return code;
  } catch (error) {
    if (error instanceof UsageError) stderr.write(`${error.message} Try express-aircall ${name} --help.\n`);
    else if (!(error instanceof AircallError || error instanceof Failure)) throw error;
    else if (json) stdout.write(`${JSON.stringify({ error: factsOf(error) })}\n`);
    else stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function factsOf(error: AircallError | Failure): object {
  return error instanceof AircallError ? error : { message: error.message };
}
