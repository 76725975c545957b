import type { CompanyListener, Listen } from "../../connections/company-listener";
import type { GrantStore } from "../../grants/store";
import { createDelivery, type Delivery } from "./delivery";
import { watchedStore } from "./watched-store";

/** Tells listeners of companies that connect to an app, and leave it. */
export interface CompanyHooks {
  /** The store of grants, watched: what is changed through it is told to listeners. */
  readonly store: GrantStore;
  readonly listen: Listen;
  /** Waits for what is being told; what is not told yet, another process will. */
  close(): Promise<void>;
}

interface Timing {
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly random?: () => number;
}

const everyMs = 60_000;
/** The first poll leaves the app time to start. */
const firstAfterMs = 2_000;

export function createCompanyHooks(
  given: GrantStore,
  app: string | null,
  { now = Date.now, random = Math.random }: Timing = {},
): CompanyHooks {
  const { store, join } = watchedStore(given, app);
  const leaving = new Set<() => Promise<void>>();

  function listen(listener: CompanyListener): () => Promise<void> {
    const delivery = createDelivery({ store: given, app, listener, now });
    const leave = join(delivery);
    const stop = startPolling(delivery, random);

    async function end(): Promise<void> {
      leaving.delete(end);
      await stop();
      await delivery.settled();
      leave();
    }
    leaving.add(end);
    return end;
  }

  return {
    store,
    listen,
    async close() {
      await Promise.all([...leaving].map((end) => end()));
    },
  };
}

/** Polls at the start and each minute, with jitter for processes that start together. Keeps no process alive. */
function startPolling(delivery: Delivery, random: () => number): () => Promise<void> {
  let polling = Promise.resolve();
  let timer = setTimeout(look, firstAfterMs * (0.5 + random())).unref();

  function look(): void {
    // Where the store fails, the next poll tries again.
    polling = delivery.poll().catch(() => undefined);
    void polling.then(() => (timer = setTimeout(look, everyMs * (0.9 + 0.2 * random())).unref()));
  }

  return async function stop() {
    clearTimeout(timer);
    await polling;
    clearTimeout(timer);
  };
}
