import type { Answered } from "./response";

const maxAnswers = 1_000;
const maxBytes = 16 * 2 ** 20;

/** Answers that were asked to be kept: so many and so long ones at most, the oldest make room. */
export function createCache(now: () => number) {
  const answers = new Map<string, { readonly answered: Answered; readonly at: number }>();
  let bytes = 0;

  function remove(key: string): void {
    bytes -= answers.get(key)?.answered.bytes.length ?? 0;
    answers.delete(key);
  }

  return {
    /** The cached answer, if it is not older than `cacheMs`. */
    get(key: string, cacheMs: number): Answered | undefined {
      const found = answers.get(key);
      const ageMs = found ? now() - found.at : -1;
      // A clock that was set back tells no age.
      return ageMs >= 0 && ageMs < cacheMs ? found?.answered : undefined;
    },
    set(key: string, answered: Answered): void {
      remove(key);
      if (answered.bytes.length > maxBytes / 4) return;
      answered.sharedBy(Infinity);
      answers.set(key, { answered, at: now() });
      bytes += answered.bytes.length;
      for (const oldest of answers.keys()) {
        if (answers.size <= maxAnswers && bytes <= maxBytes) return;
        remove(oldest);
      }
    },
    forget(prefix: string): void {
      for (const key of answers.keys()) if (key.startsWith(prefix)) remove(key);
    },
  };
}
