import { clearInterval, setInterval } from "node:timers"; // not those that a test may have stopped

/** Lets time pass without anybody asking; keeps no process alive. */
export interface Ticker {
  /** Called when somebody first waits for something to happen. */
  readonly start: () => void;
  readonly stop: () => void;
}

const everyMs = 100;

export function createTicker(tick: () => void): Ticker {
  let timer: NodeJS.Timeout | null = null;

  return {
    start() {
      timer ??= setInterval(tick, everyMs).unref();
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
