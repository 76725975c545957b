import { createExpiringMap } from "../time/expiring-map";
import { createMutex } from "../time/mutex";

/** What those who were there before have left for those who come after. */
export interface Memory {
  /** Null when nothing was left, or its time is over. */
  recall(): Promise<string | null>;
  remember(value: string, lifeMs: number): Promise<void>;
  forget(): Promise<void>;
}

/** One after the other under a key. `remainingMs`: until somebody else may begin all the same. */
export type Exclusive = <T>(key: string, work: (memory: Memory, remainingMs: () => number) => Promise<T>) => Promise<T>;

const maxMemories = 10_000;

/** Within this process. */
export function createExclusive(now: () => number = Date.now): Exclusive {
  const exclusively = createMutex();
  const memories = createExpiringMap<string>(maxMemories, now);

  return (key, work) => {
    const memory: Memory = {
      recall: () => Promise.resolve(memories.get(key) ?? null),
      remember: (value, lifeMs) => Promise.resolve(memories.set(key, value, lifeMs)),
      forget: () => Promise.resolve(memories.delete(key)),
    };
    return exclusively(key, () => work(memory, () => Infinity));
  };
}
