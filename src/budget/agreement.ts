import type { Lane } from "../http/turns";
import type { Gate } from "./admission";
import type { MemoryCounter, News } from "./window";
import type { SharedCounter, Tally } from "./shared-window";
import { SpareTurns } from "./spare-permits";

interface Parts {
  readonly budget: string;
  readonly counter: MemoryCounter;
  readonly shared: SharedCounter;
  readonly gate: Gate;
  readonly now: () => number;
}

/** More than any limit, for the processes do not know the same one before Aircall has answered them. */
const usedUp = 1_000_000;

/** Keeps what is counted here and what is counted for all processes in step. Null stands for no answer. */
export class Agreement {
  readonly shared: SharedCounter;
  readonly spare: SpareTurns;
  /** Whether turns were asked for, and the answer is not there. */
  readonly asking: Record<Lane, boolean> = { interactive: false, bulk: false };
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.shared = parts.shared;
    this.spare = new SpareTurns(parts.counter);
  }

  /** Counts `asked` more for all, if they fit under `cap`. */
  ask(asked: number, cap: number): Promise<Tally | null> {
    const { counter, now } = this.#parts;
    return this.#agree(asked, cap, counter.news(now()));
  }

  /** Lets nobody send until the window that is known here is over. */
  pause(): Promise<Tally | null> {
    const { counter, now } = this.#parts;
    const at = now();
    const { limit } = counter.news(at);
    const leftMs = Math.ceil(counter.at(at).leftMs);
    return this.#agree(0, 0, { uncounted: 0, used: usedUp, leftMs, fresh: true, limit });
  }

  async #agree(asked: number, cap: number, news: News): Promise<Tally | null> {
    const { budget, counter, shared, gate, now } = this.#parts;
    const { windowMs } = counter.at(now());
    const tally = await shared.count({ budget, asked, cap, windowMs, news });
    if (!tally) return null;
    const at = now();
    counter.told(news);
    counter.agree({ ...tally, granted: tally.granted ? asked : 0 }, at);
    gate.agreed(at);
    return tally;
  }
}
