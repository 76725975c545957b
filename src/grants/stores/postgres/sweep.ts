import { apartFromRequest } from "../../../time/store-time";

const everyMs = 300_000;
const moreAfterMs = 1_000;

interface Timing {
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * To be called after writes: sweeps out what has ended every five minutes, sooner when there was more of it than one
 * sweep takes, and keeps nobody waiting. Processes that start together, or live for a minute, take turns by chance.
 * `sweep` answers how much it swept of the most that it takes.
 */
export function createSweeping(
  sweep: () => Promise<"all" | "some">,
  { now = () => performance.now(), random = Math.random }: Timing = {},
): () => void {
  let dueAt = now() + random() * everyMs;

  return function sweepNowAndThen() {
    if (now() < dueAt) return;
    dueAt = now() + everyMs;
    apartFromRequest(sweep).then(
      (swept) => {
        if (swept === "some") dueAt = now() + moreAfterMs;
      },
      () => undefined,
    );
  };
}
