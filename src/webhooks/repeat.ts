import { apartFromRequest } from "../time/store-time";

/** Runs `work` now and whenever so much time has passed since it ended, until the signal aborts. */
export function repeat(everyMs: number, signal: AbortSignal, work: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    await work();
    if (!signal.aborted) timer = setTimeout(() => void run(), everyMs).unref();
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  void apartFromRequest(run);
}
