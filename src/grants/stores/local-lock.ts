import { createMutex } from "../../time/mutex";
import type { GrantStore } from "../store";

/** `withLock` for a store that serves one process: nothing can take the lock away. */
export function createLocalLock(): GrantStore["withLock"] {
  const exclusively = createMutex();
  return (id, work) => exclusively(id, () => work({ remainingMs: () => Infinity }));
}
