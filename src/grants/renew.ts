import { RenewalFailedError } from "../errors";
import { tell, type AircallEvents } from "../events";
import type { Probe } from "../http/http";
import type { TokenEndpoint } from "../oauth/token-endpoint";
import { TokenRefusal } from "../oauth/token-refusal";
import { createCoolDowns } from "./cool-down";
import type { Grant } from "./grant";
import { freshForMs, isExpired, isExpiring } from "./life";
import { createProbes, type Probes } from "./probe";
import type { GrantStore, Lock } from "./store";
import { createUnwritten } from "./unwritten";

/** What the token endpoint may take, and so what a lock must still hold for. */
const renewalMs = 20_000;
/** The longest that a lock is held for tokens which the store does not take, and what is left of it for the last try. */
const holdMs = 30_000;
const lastTryMs = 4_000;
/** After an answer was lost, the server may still be at work on it: so long nobody sends the same token again. */
const doubtMs = 5_000;

/** What keeps the grants of one store working. One for each app: what it knows is shared by all requests. */
export interface Renewals extends Probes {
  /** The token should be renewed before it is used. */
  due(grant: Grant): boolean;
  /** Aircall answered 401 to this token, and a renewal may help. */
  helps(grant: Grant): boolean;
  /**
   * The grant as it stands after `stale` was renewed, by this call or by anybody else: with other tokens, or ended.
   * Null when it is gone. Callers arriving together share one renewal, and none of them can stop it.
   * @throws {RenewalFailedError} for a passing reason; the grant stands as it was.
   * @throws {StoreError} nobody has seen the new tokens; they are written as soon as the store takes them.
   */
  renew(id: string, stale: Grant): Promise<Grant | null>;
  /** Waits for renewals and probes under way, and up to twenty seconds for tokens that the store would not take. */
  close(): Promise<void>;
}

export interface RenewalsParts {
  readonly store: GrantStore;
  /** Null where nothing may be renewed. */
  readonly endpoint: Pick<TokenEndpoint, "renew"> | null;
  readonly probe: Probe;
  readonly now?: () => number;
  /** Between tries: to write new tokens, or to have them renewed. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

export function createRenewals({ store, endpoint, probe, now = Date.now, ...timing }: RenewalsParts): Renewals {
  const running = new Map<string, Promise<Grant | null>>();
  const coolDowns = createCoolDowns(now);
  const unwritten = createUnwritten(store, timing);
  const probes = createProbes({ store, probe, now });
  const { sleep = pause } = timing;
  /** Grants whose last answer was lost. */
  const doubtful = new Set<string>();

  function renew(id: string, stale: Grant): Promise<Grant | null> {
    const key = `${id}:${stale.version}`;
    const shared = running.get(key);
    if (shared) return shared;

    const started = (unwritten.retry(id) ?? renewInTurn(id, stale)).finally(() => running.delete(key));
    // It belongs to the grant: when every caller has left, nobody is there to hear that it failed.
    started.catch(() => undefined);
    running.set(key, started);
    return started;
  }

  /**
   * The turn outlasts its outcome while new tokens wait to be written, and for a while after an answer was lost: nobody,
   * in any process, must spend the old ones again.
   */
  function renewInTurn(id: string, stale: Grant): Promise<Grant | null> {
    if (doubtful.has(id)) return Promise.reject(tooSoon(coolDowns.remainingMs(id)));
    return new Promise((resolve, reject) => {
      const turn = store.withLock(id, async (lock) => {
        await renewLocked(id, stale, lock).then(resolve, reject);
        await unwritten.settled(id, Math.min(lock.remainingMs(), holdMs) - lastTryMs);
        await doubtPassed(id, lock);
      });
      turn.catch(reject);
    });
  }

  /** A lock that cannot end is this process's own, where the cool-down keeps everybody away. */
  async function doubtPassed(id: string, lock: Lock): Promise<void> {
    const leftMs = lock.remainingMs();
    if (doubtful.has(id) && leftMs < Infinity) await sleep(Math.min(doubtMs, leftMs));
    doubtful.delete(id);
  }

  async function renewLocked(id: string, stale: Grant, lock: Lock): Promise<Grant | null> {
    const stored = await store.get(id);
    if (!stored || stored.state === "ended" || stored.accessToken !== stale.accessToken) return stored;
    if (!endpoint || stored.refreshToken === null) throw new RenewalFailedError("it cannot be renewed.", 0);

    const waitMs = Math.max(coolDowns.remainingMs(id), freshForMs(stored, now()));
    if (waitMs > 0) throw tooSoon(waitMs);
    if (lock.remainingMs() < renewalMs) throw new RenewalFailedError("waiting for its turn took too long.", 1_000);

    const startedAt = performance.now();
    const told = (code: RenewalCode) =>
      tell("express-aircall:renewal", { code, durationMs: performance.now() - startedAt });
    try {
      const { tokens } = await endpoint.renew(stored.refreshToken);
      coolDowns.end(id);
      told(null);
      return await unwritten.write(id, { spent: stored, tokens });
    } catch (error) {
      if (!(error instanceof TokenRefusal)) throw error;
      told(isFinal(error) ? "renewal_refused" : "renewal_failed");
      return refused(id, stored, error);
    }
  }

  async function refused(id: string, asked: Grant, refusal: TokenRefusal): Promise<Grant | null> {
    if (refusal.lost && refusal.status === null) doubtful.add(id);
    if (!isFinal(refusal)) throw new RenewalFailedError(refusal.message, coolDowns.begin(id));

    const stored = await store.get(id);
    if (stored?.version !== asked.version) return stored;
    const ended = { ...stored, state: "ended" } as const;
    const written = await store.replace(id, stored.version, ended);
    return written ? { ...ended, version: stored.version + 1 } : store.get(id);
  }

  function possible({ refreshToken }: Grant): boolean {
    return endpoint !== null && refreshToken !== null;
  }

  return {
    renew,
    due: (grant) => possible(grant) && isExpiring(grant, now()) && freshForMs(grant, now()) === 0,
    helps: (grant) => possible(grant) && (isExpired(grant, now()) || freshForMs(grant, now()) === 0),
    check: (id, grant) => probes.check(id, grant),
    async close() {
      await Promise.allSettled(running.values());
      await unwritten.close();
      await probes.close();
    },
  };
}

type RenewalCode = AircallEvents["express-aircall:renewal"]["code"];

function tooSoon(waitMs: number): RenewalFailedError {
  return new RenewalFailedError("the last attempt was only a moment ago.", waitMs);
}

/** Keeps no process alive. */
function pause(ms: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The server knows the refresh token no more; everything else may pass. */
function isFinal({ kind, oauthError }: TokenRefusal): boolean {
  return kind === "refused" && oauthError === "invalid_grant";
}
