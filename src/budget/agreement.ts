import type { Lane } from "../http/limiter";
import type { Admission } from "./admission";
import type { Window, News } from "./window";
import type { SharedWindow, Tally } from "./shared-window";
import { SparePermits } from "./spare-permits";

interface Parts {
  readonly budget: string;
  readonly window: Window;
  readonly shared: SharedWindow;
  readonly admission: Admission;
  readonly now: () => number;
}

/** More than any limit, for the processes do not know the same one before Aircall has answered them. */
const usedUp = 1_000_000;

/** Keeps what is counted here and what is counted for all processes in step. Null stands for no answer. */
export class Agreement {
  readonly shared: SharedWindow;
  readonly spare: SparePermits;
  /** Whether permits were asked for, and the answer is not there. */
  readonly asking: Record<Lane, boolean> = { interactive: false, bulk: false };
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.shared = parts.shared;
    this.spare = new SparePermits(parts.window);
  }

  /** Counts `asked` more for all, if they fit under `cap`. */
  ask(asked: number, cap: number): Promise<Tally | null> {
    const { window, now } = this.#parts;
    return this.#agree(asked, cap, window.news(now()));
  }

  /** Lets nobody send until the window that is known here is over. */
  pause(): Promise<Tally | null> {
    const { window, now } = this.#parts;
    const at = now();
    const { limit } = window.news(at);
    const leftMs = Math.ceil(window.at(at).leftMs);
    return this.#agree(0, 0, { uncounted: 0, used: usedUp, leftMs, fresh: true, limit });
  }

  async #agree(asked: number, cap: number, news: News): Promise<Tally | null> {
    const { budget, window, shared, admission, now } = this.#parts;
    const { windowMs } = window.at(now());
    const tally = await shared.count({ budget, asked, cap, windowMs, news });
    if (!tally) return null;
    const at = now();
    window.told(news);
    window.agree({ ...tally, granted: tally.granted ? asked : 0 }, at);
    admission.agreed(at);
    return tally;
  }
}
