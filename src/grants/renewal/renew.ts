import type { Probe } from "../../http/credential";
import type { TokenEndpoint } from "../../oauth/token-endpoint";
import { createCoolDowns } from "./cool-down";
import type { Grant } from "../grant";
import { freshForMs, isExpired, isExpiring } from "./expiry";
import { createProbes, type Probes } from "./probe";
import { createRefresh } from "./refresh";
import type { GrantStore } from "../store";
import { createPendingWrites } from "./pending-writes";
import { sleep as realSleep } from "../../time/sleep";

/** The longest that a lock is held for tokens which the store does not take, and what is left of it for the last try. */
const holdMs = 30_000;
const lastTryMs = 4_000;

/** What keeps the grants of one store working. */
export interface Renewals extends Probes {
  /** The token should be renewed before it is used. */
  due(id: string, grant: Grant): boolean;
  /** A renewal may help where Aircall refuses this token. */
  helps(grant: Grant): boolean;
  /**
   * The grant as it stands after `stale` was renewed, by this call or by anybody else: with other tokens, or ended.
   * Null when it is gone. Callers arriving together share one renewal, and none of them can stop it.
   * @throws {RenewalFailedError} for a passing reason; the grant stands as it was.
   * @throws {StoreError} nobody has seen the new tokens; they are written as soon as the store takes them.
   */
  renew(id: string, stale: Grant): Promise<Grant | null>;
  /** For how many milliseconds the renewal has been under way that {@link renew} would share; 0 when there is none. */
  underWayMs(id: string, stale: Grant): number;
  /** Waits for renewals and probes under way, and up to twenty seconds for tokens that the store would not take. */
  close(): Promise<void>;
}

export interface RenewalsParts {
  readonly store: GrantStore;
  /** Null where nothing may be renewed. */
  readonly endpoint: Pick<TokenEndpoint, "renew"> | null;
  readonly probe: Probe;
  readonly now?: () => number;
  /** Between tries: to write new tokens, or to hear what another process found out. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * The whole policy. A token is due in its last minute, or its last tenth where that is shorter; one that Aircall refuses
 * is renewed too, but none in its first five seconds. A grant is renewed by one at a time: callers in this process share
 * it, processes take turns by the store's lock, and who gets the lock reads again. New tokens are written before anybody
 * has them; those that the store would not take are kept in memory, under the lock, and tried again. `invalid_grant` ends
 * the grant, unless somebody else has renewed it meanwhile; whatever else fails passes, and the next attempt comes after a
 * pause of five seconds to a minute. Where a response was lost, that pause binds every process, by a mark in the store;
 * then the stored token is sent once more. Aircall's no to a token of which nothing is renewed is the probes' business.
 */
export function createRenewals({ store, endpoint, probe, now = Date.now, ...timing }: RenewalsParts): Renewals {
  const running = new Map<string, Running>();
  const coolDowns = createCoolDowns(now);
  const pendingWrites = createPendingWrites(store, timing);
  const { sleep = (ms: number) => realSleep(ms, { ref: false }) } = timing;
  const refresh = createRefresh({ store, endpoint, coolDowns, pendingWrites, now });
  const cure = { due, helps, renew };
  const probes = createProbes({ store, probe, cure, now, sleep });

  function renew(id: string, stale: Grant): Promise<Grant | null> {
    const key = keyOf(id, stale);
    const shared = running.get(key);
    if (shared) return shared.renewal;

    const renewal = (pendingWrites.retry(id) ?? renewAlone(id, stale)).finally(() => running.delete(key));
    // It belongs to the grant: when every caller has left, nobody is there to hear that it failed.
    renewal.catch(() => undefined);
    running.set(key, { renewal, startedAt: performance.now() });
    return renewal;
  }

  /** The lock outlasts the outcome while new tokens wait to be written: nobody must spend the old ones again. */
  function renewAlone(id: string, stale: Grant): Promise<Grant | null> {
    return new Promise((resolve, reject) => {
      const locked = store.withLock(id, async (lock) => {
        await refresh(id, stale, lock).then(resolve, reject);
        await pendingWrites.settled(id, Math.min(lock.remainingMs(), holdMs) - lastTryMs);
      });
      locked.catch(reject);
    });
  }

  /** A token that is still good is used as it is during a pause. */
  function due(id: string, grant: Grant): boolean {
    if (!helps(grant) || !isExpiring(grant, now()) || freshForMs(grant, now()) > 0) return false;
    return isExpired(grant, now()) || coolDowns.remainingMs(id) === 0;
  }

  function helps({ refreshToken }: Grant): boolean {
    return endpoint !== null && refreshToken !== null;
  }

  return {
    due,
    helps,
    renew,
    underWayMs(id, stale) {
      const shared = running.get(keyOf(id, stale));
      return shared ? performance.now() - shared.startedAt : 0;
    },
    check: (id, grant) => probes.check(id, grant),
    watches: (grant) => probes.watches(grant),
    async close() {
      await Promise.allSettled(Array.from(running.values(), ({ renewal }) => renewal));
      await pendingWrites.close();
      await probes.close();
    },
  };
}

interface Running {
  readonly renewal: Promise<Grant | null>;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
}

function keyOf(id: string, { version }: Grant): string {
  return `${id}:${version}`;
}
