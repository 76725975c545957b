import type { Probe } from "../../http/credential";
import type { TokenEndpoint } from "../../oauth/token-endpoint";
import { createRenewals, type Renewals } from "./renew";
import type { GrantStore } from "../store";

/** How one middleware reaches Aircall. */
interface Means {
  /** Null where nothing may be renewed. */
  readonly endpoint: Pick<TokenEndpoint, "renew"> | null;
  readonly probe: Probe;
}

export interface SharedRenewalsParts extends Means {
  readonly store: GrantStore;
  /** Whose grants they are: another app's client id cannot renew them. */
  readonly app: string | null;
}

/** Not a cache: two over one store would not know of each other's pauses, and of what waits to be written. */
const sharedByStore = new WeakMap<GrantStore, Map<string, SharedRenewals>>();

/**
 * The renewals of a store and an app: in this process the same for all who ask, however many middlewares that makes.
 * What one has tried, no other tries again. `close` waits for what is under way and leaves them to the others.
 */
export function sharedRenewals({ store, app, ...means }: SharedRenewalsParts): Renewals {
  const byApp = sharedByStore.get(store) ?? new Map<string, SharedRenewals>();
  const key = JSON.stringify([app, means.endpoint !== null]);
  const shared = byApp.get(key) ?? new SharedRenewals(store, means);
  sharedByStore.set(store, byApp.set(key, shared));
  return shared.joinedWith(means);
}

class SharedRenewals {
  readonly #joined = new Set<Means>();
  readonly #renewals: Renewals;
  /** Of whoever came last and has not left; where all have left, of the last of them. */
  #means: Means;

  constructor(store: GrantStore, means: Means) {
    this.#means = means;
    const { endpoint: first } = means;
    const endpoint = first && { renew: (token: string) => (this.#means.endpoint ?? first).renew(token) };
    this.#renewals = createRenewals({ store, endpoint, probe: (...asked) => this.#means.probe(...asked) });
  }

  joinedWith(means: Means): Renewals {
    this.#joined.add(means);
    this.#means = means;
    return { ...this.#renewals, close: () => this.#leave(means) };
  }

  #leave(means: Means): Promise<void> {
    this.#joined.delete(means);
    this.#means = [...this.#joined].at(-1) ?? this.#means;
    return this.#renewals.close();
  }
}
