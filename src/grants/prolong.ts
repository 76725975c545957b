import { createExpiringMap } from "../time/expiring-map";
import type { GrantStore } from "./store";

const maxRemembered = 100_000;

/** Lets a grant live, and with `link` that link too, for as long as `lifeMs` asks for; rejects for no reason. */
export type Prolong = (
  grants: GrantStore,
  id: string,
  asked: { lifeMs: number; link?: string | null },
) => Promise<void>;

/**
 * One write per process and quarter of the life, and one more where a life has grown beyond what was written. What could
 * not be written is tried again the next time.
 */
export function createProlonging(now: () => number): Prolong {
  const endsAt = createExpiringMap<number>(maxRemembered, now);

  return async function prolong(grants, id, { lifeMs, link = null }) {
    const key = `${id} ${link ?? ""}`;
    const storedMs = Math.min(lifeMs, (grants.longestLifeMs ?? Infinity) / 2);
    if ((endsAt.get(key) ?? 0) >= now() + storedMs) return;
    endsAt.set(key, now() + 2 * storedMs, storedMs / 4);
    await grants.prolong(id, lifeMs, link ?? undefined).catch(() => endsAt.delete(key));
  };
}
