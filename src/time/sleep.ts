import { setTimeout as timer } from "node:timers/promises";

export interface SleepOptions {
  /** Ends the wait early: it rejects with an AbortError. */
  readonly signal?: AbortSignal;
  /** Whether the process stays alive for it. Default true. */
  readonly ref?: boolean;
}

export async function sleep(ms: number, options: SleepOptions = {}): Promise<void> {
  await timer(ms, undefined, options);
}
