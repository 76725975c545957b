import type { CompanyListener, Listen } from "../../connections/company-listener";
import type { GrantStore } from "../../grants/store";
import { createDelivery, type Delivery } from "./delivery";
import { watchedStore } from "./watched-store";

/** Who hears of the companies of an app. */
export interface CompanyHooks {
  /** The grants, with an ear on what becomes of them: everything that changes grants goes by it. */
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
/** The app's own start comes first. */
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

/** At the start, and each minute; processes that start together do not all look at once. Keeps no process alive. */
function startPolling(delivery: Delivery, random: () => number): () => Promise<void> {
  let polling = Promise.resolve();
  let timer = setTimeout(look, firstAfterMs * (0.5 + random())).unref();

  function look(): void {
    // Where the store fails, there is a next time.
    polling = delivery.poll().catch(() => undefined);
    void polling.then(() => (timer = setTimeout(look, everyMs * (0.9 + 0.2 * random())).unref()));
  }

  return async function stop() {
    clearTimeout(timer);
    await polling;
    clearTimeout(timer);
  };
}
