import type { Gate } from "./gate";
import type { MemoryCounter, News } from "./memory-counter";
import type { SharedCounter, Tally } from "./redis-counter";

interface Parts {
  readonly budget: string;
  readonly counter: MemoryCounter;
  readonly shared: SharedCounter;
  readonly gate: Gate;
  readonly now: () => number;
}

/** Keeps what is counted here and what is counted for all processes in step. Null stands for no answer. */
export interface Agreement {
  /** Counts `asked` more for all, if they fit under `cap`. */
  ask(asked: number, cap: number): Promise<Tally | null>;
  /** Lets nobody send until the window that is known here is over. */
  pause(): Promise<Tally | null>;
}

/** More than any limit, for the processes do not know the same one before Aircall has answered them. */
const usedUp = 1_000_000;

export function createAgreement({ budget, counter, shared, gate, now }: Parts): Agreement {
  async function agree(asked: number, cap: number, news: News): Promise<Tally | null> {
    const { windowMs } = counter.at(now());
    const tally = await shared.count({ budget, asked, cap, windowMs, news });
    if (!tally) return null;
    const at = now();
    counter.told(news);
    counter.agree({ ...tally, granted: tally.granted ? asked : 0 }, at);
    gate.agreed(at);
    return tally;
  }

  return {
    ask: (asked, cap) => agree(asked, cap, counter.news(now())),
    pause() {
      const leftMs = Math.ceil(counter.at(now()).leftMs);
      return agree(0, 0, { uncounted: 0, used: usedUp, leftMs, fresh: true });
    },
  };
}
