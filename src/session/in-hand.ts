import type { Done } from "./session";

/** Ids of sessions whose end somebody takes care of already: a guarded store need not tell of it. */
const inHand = new Set<string>();

export function isInHand(sessionId: string): boolean {
  return inHand.has(sessionId);
}

/** Takes care of a session until `call` has ended. */
export function inHandWhile(session: { readonly id: string }, call: (end: Done) => unknown): Promise<void> {
  inHand.add(session.id);
  const ended = new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
  return ended.finally(() => inHand.delete(session.id));
}

/** Takes care of a session while `call` runs. */
export function inHandDuring<T>(session: { readonly id: string }, call: () => T): T {
  inHand.add(session.id);
  try {
    return call();
  } finally {
    inHand.delete(session.id);
  }
}
