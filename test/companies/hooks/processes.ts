import type { CompanyListener, Connected, Disconnected } from "../../../src/connections/company-listener";
import { createDelivery } from "../../../src/companies/hooks/delivery";
import { watchedStore } from "../../../src/companies/hooks/watched-store";
import type { GrantStore } from "../../../src/grants/store";

export type Told = Connected | Disconnected;

export interface HookedProcess {
  /** The grants, as the process changes them. */
  readonly store: GrantStore;
  /** What it was told, in that order: `connect 7 sign_in`, and failures of its own. */
  readonly told: string[];
  readonly events: Told[];
  /** The next so many times it fails. */
  failures: number;
  /** Whether it never ends what it does about it. */
  hangs: boolean;
  poll(): Promise<void>;
  settled(): Promise<void>;
}

export interface ProcessOptions {
  readonly now?: () => number;
  readonly app?: string | null;
  /** Of the listener. */
  readonly name?: string;
}

/** A process that hears of the companies in this store. */
export function startProcess(shared: GrantStore, options: ProcessOptions = {}): HookedProcess {
  const { now = Date.now, app = "an-app-1", name = "app" } = options;
  // Each process has a store of its own, over the same grants.
  const { store, join } = watchedStore({ ...shared }, app);
  const listener: CompanyListener = {
    name,
    connected: (event) => hear(`connect ${nameOf(event)} ${event.reason}`, event),
    disconnected: (event) => hear(`disconnect ${nameOf(event)} ${event.reason}`, event),
    failed: (_error, { act, attempt, final }) =>
      void started.told.push(`${act} failed ${attempt}${final ? ", finally" : ""}`),
  };
  const delivery = createDelivery({ store: shared, app, listener, now });
  join(delivery);

  async function hear(what: string, event: Told): Promise<void> {
    await new Promise(setImmediate);
    if ((started.failures -= 1) >= 0) throw new Error("The app's own.");
    started.told.push(what);
    started.events.push(event);
    if (started.hangs) await new Promise(() => undefined);
  }

  const started: HookedProcess = {
    store,
    told: [],
    events: [],
    failures: 0,
    hangs: false,
    poll: () => delivery.poll(),
    settled: () => delivery.settled(),
  };
  return started;
}

function nameOf({ company }: Told): string {
  return typeof company === "number" ? String(company) : JSON.stringify(company);
}
