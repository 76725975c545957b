const disconnected = new Set<object>();
const watched = new WeakSet<object>();

/** What is used of a store's events. */
interface EventfulStore {
  on?(event: "disconnect" | "connect", listener: () => void): unknown;
}

/** Notes from now on when this session store says that it is disconnected: express-session then hands out no session. */
export function watchConnection(store: object): void {
  if (watched.has(store)) return;
  watched.add(store);
  const eventful: EventfulStore = store;
  eventful.on?.("disconnect", () => disconnected.add(store));
  eventful.on?.("connect", () => disconnected.delete(store));
}

/** Whether a session that is not there may be missing for that reason. */
export function isStoreDisconnected(): boolean {
  return disconnected.size > 0;
}
