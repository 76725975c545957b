/** Hears of a stored session before it is destroyed without a request of its own; `read` finds what is stored of it. */
export type BeforeStoredEnd = (sessionId: string, read: () => Promise<unknown>) => Promise<void>;

const listeners = new WeakMap<object, BeforeStoredEnd>();

/** One for each session store: the last that was given. */
export function beforeStoredEnd(sessionStore: object, listener: BeforeStoredEnd): void {
  listeners.set(sessionStore, listener);
}

/** Resolves when whoever asked to hear of it is done. */
export async function tellStoredEnd(sessionStore: object, ...told: Parameters<BeforeStoredEnd>): Promise<void> {
  await listeners.get(sessionStore)?.(...told);
}
