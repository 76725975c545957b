import { knownOptions } from "../config/own-options";
import { positive } from "../config/values";
import type { Engine } from "./engine";
import type { Handlers } from "./handlers";

/** Where `aircallWebhooks({ queue })` finds what a queue does; not for apps. */
export const openQueue = Symbol.for("express-aircall.open-queue");

/** A queue that keeps events over crashes and restarts, such as `bullQueue({ connection })`. */
export interface EventQueue {
  /** @internal */
  readonly [openQueue]: (parts: QueueParts) => QueueEngine;
}

export interface QueueParts {
  /** Whose events these are, where several apps share a Redis. */
  readonly app: string | null;
  readonly handlers: Handlers;
  /** Handles what the queue cannot keep now, in this process. */
  readonly fallback: Engine;
}

export interface QueueEngine extends Engine {
  /** Handles events in this process; called again, it changes the concurrency. */
  work(options: WorkOptions): void;
}

/** Options of `events.worker()`. */
export interface WorkOptions {
  /** Events that this process handles at a time. Default 10. */
  readonly concurrency?: number | undefined;
}

/** @throws {ConfigError} an option is misspelt or impossible. */
export function readWorkOptions(options: WorkOptions): WorkOptions {
  const { concurrency } = knownOptions(options, "events.worker()", ["concurrency"]);
  if (concurrency === undefined) return {};
  return { concurrency: positive("events", 1_000)({ value: concurrency, name: "concurrency", fromText: false }) };
}
