import { setImmediate as breathe } from "node:timers/promises";

export interface ManualTime {
  now: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  /** Lets time pass, and everything happen that is due meanwhile. */
  forward(ms: number): Promise<void>;
  /** How many timers are set. */
  timers(): number;
}

/** Time that stands still until moved. */
export function manualTime(start = Date.UTC(2026, 10, 18, 15, 30)): ManualTime {
  let moment = start;
  const timers = new Set<{ run: () => void; at: number }>();

  async function forward(ms: number): Promise<void> {
    const until = moment + ms;
    await breathe();
    for (let next = first(); next && next.at <= until; next = first()) {
      moment = Math.max(moment, next.at);
      timers.delete(next);
      next.run();
      await breathe();
    }
    moment = until;
  }

  const first = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => moment,
    setTimer(run, delayMs) {
      const timer = { run, at: moment + delayMs };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    forward,
    timers: () => timers.size,
  };
}
