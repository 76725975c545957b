import type { DefaultJobOptions } from "bullmq";

const deadLetters = { age: 7 * 86_400, count: 1_000 };

export interface Tries {
  /** Attempts before an event is a dead letter. */
  readonly attempts: number;
  /** Back-off before the second attempt; twice as long before each one after it. */
  readonly backOffMs: number;
}

/** How BullMQ keeps each event: until it is handled, or as a dead letter for a week. */
export function jobOptions({ attempts, backOffMs }: Tries): DefaultJobOptions {
  return {
    attempts,
    backoff: { type: "exponential", delay: backOffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: deadLetters,
    stackTraceLimit: 0,
  };
}
