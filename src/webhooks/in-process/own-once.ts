import { createExpiringMap } from "../../time/expiring-map";
import { within } from "../../time/within";
import type { Once, OwnTurn, Turn } from "./once";

const maxHandled = 100_000;

interface OwnOnceParts {
  /** How long a handled event is remembered. */
  readonly keepMs: number;
  readonly now?: () => number;
}

/** Lets each event be handled once in a process that shares no store with others: what it knows itself is all there is. */
export function createOwnOnce({ keepMs, now = Date.now }: OwnOnceParts): Once {
  const handled = createExpiringMap<true>(maxHandled, now);
  const atWork = new Map<string, Promise<void>>();

  function begin(id: string): OwnTurn {
    let leave: () => void = () => undefined;
    atWork.set(id, new Promise((resolve) => (leave = resolve)));
    const end = () => {
      atWork.delete(id);
      leave();
      return Promise.resolve();
    };
    return {
      done() {
        handled.set(id, true, keepMs);
        return end();
      },
      giveUp: end,
    };
  }

  return {
    async turn(id, patienceMs): Promise<Turn> {
      for (let other = atWork.get(id); other; other = atWork.get(id)) {
        const ended = other.then(() => true);
        if (!(await within({ limitMs: patienceMs, late: () => false }, ended))) return "elsewhere";
      }
      return handled.get(id) ? "handled" : begin(id);
    },
  };
}
