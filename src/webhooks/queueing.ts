import { WebhookError } from "../errors/errors";
import { within } from "../time/within";
import type { Engine, Taken } from "./engine";
import type { EventJson } from "./event";

/** Takes an event over: once it has resolved, Aircall is told that the event is here. */
export type Enqueue = (json: EventJson) => unknown;

const limitMs = 4_000;

export interface QueueingParts {
  readonly enqueue: Enqueue;
  /** Hears why an event could not be handed over. */
  readonly failed: (error: unknown, json: EventJson) => void;
}

/** Events go to a queue of the app's own, and come back by `handle`. */
export function createQueueing(engine: Engine, { enqueue, failed }: QueueingParts): Engine {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;

  async function hand(json: EventJson): Promise<Taken> {
    const late = () => {
      throw new WebhookError(
        "webhook_busy",
        `The event cannot be taken now: enqueue(json) took longer than ${limitMs} ms.`,
      );
    };
    try {
      await within<unknown>({ limitMs, late }, Promise.resolve(json).then(enqueue));
      return "accepted";
    } catch (error) {
      failed(error, json);
      return "busy";
    }
  }

  return {
    async take(json) {
      if (isClosed) return "busy";
      const handed = hand(json).finally(() => underWay.delete(handed));
      underWay.add(handed);
      return handed;
    },
    handle: (json) => engine.handle(json),
    stats: () => engine.stats(),
    failed: () => engine.failed(),
    retry: (id) => engine.retry(id),
    discard: (id) => engine.discard(id),
    async close() {
      isClosed = true;
      await Promise.all(underWay);
      await engine.close();
    },
  };
}
