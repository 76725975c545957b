import { knownOptions } from "../config/own-options";
import { positive, timeout } from "../config/values";

/** Options of `guardSessionStore()`. */
export interface SessionGuardOptions {
  /** Milliseconds that one call to the store may take. Default 2,000. */
  timeoutMs?: number | undefined;
  /** Calls that may wait for the store at a time; any more fail at once. Default 1,000. */
  maxWaiting?: number | undefined;
}

/** @throws {ConfigError} one is unknown or impossible. */
export function readOptions(options: SessionGuardOptions): { [Name in keyof SessionGuardOptions]-?: number } {
  const own = knownOptions(options, "guardSessionStore(store, options)", ["timeoutMs", "maxWaiting"]);
  const { timeoutMs = 2_000, maxWaiting = 1_000 } = own;
  return {
    timeoutMs: timeout({ value: timeoutMs, name: "timeoutMs", fromText: false }),
    maxWaiting: positive("calls", 1_000_000)({ value: maxWaiting, name: "maxWaiting", fromText: false }),
  };
}

export interface TimedCall {
  readonly operation: string;
  /** Parameters before the callback. */
  readonly inputs: number;
  /** Of the time that a call may take. */
  readonly share?: number;
}

/** What express-session's stores can be asked; `ids` is connect-redis' own. */
export const storeCalls = {
  get: { operation: "read the session", inputs: 1 },
  set: { operation: "save the session", inputs: 2 },
  touch: { operation: "extend the session", inputs: 2, share: 0.1 },
  destroy: { operation: "end the session", inputs: 1 },
  all: { operation: "read all sessions", inputs: 0 },
  length: { operation: "count the sessions", inputs: 0 },
  clear: { operation: "end all sessions", inputs: 0 },
  ids: { operation: "list the sessions", inputs: 0 },
} as const satisfies Record<string, TimedCall>;

export type CallName = keyof typeof storeCalls;
export const callNames = Object.keys(storeCalls).filter((name): name is CallName => Object.hasOwn(storeCalls, name));
