import { RenewalFailedError } from "../errors";
import type { Probe } from "../http/http";
import type { TokenEndpoint } from "../oauth/token-endpoint";
import { TokenRefusal } from "../oauth/token-refusal";
import type { Tokens } from "../oauth/tokens";
import { createCoolDowns } from "./cool-down";
import { createExpiringMap } from "./expiring-map";
import type { Grant } from "./grant";
import { freshForMs, isExpired, isExpiring } from "./life";
import { createProbes, type Probes } from "./probe";
import type { GrantStore, Lock } from "./store";

/** What the token endpoint may take, and so what a lock must still hold for. */
const renewalMs = 20_000;
const unwrittenKeptMs = 86_400_000;
const maxUnwritten = 10_000;

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
   * @throws {StoreError} nobody has seen the new tokens; they are written before anything else at the next call.
   */
  renew(id: string, stale: Grant): Promise<Grant | null>;
  /** Waits for renewals and probes under way. */
  close(): Promise<void>;
}

export interface RenewalsParts {
  readonly store: GrantStore;
  /** Null where nothing may be renewed. */
  readonly endpoint: Pick<TokenEndpoint, "renew"> | null;
  readonly probe: Probe;
  readonly now?: () => number;
}

export function createRenewals({ store, endpoint, probe, now = Date.now }: RenewalsParts): Renewals {
  const running = new Map<string, Promise<Grant | null>>();
  const coolDowns = createCoolDowns(now);
  const unwritten = createExpiringMap<Rotation>(maxUnwritten, now);
  const probes = createProbes({ store, probe, now });

  function renew(id: string, stale: Grant): Promise<Grant | null> {
    const key = `${id}:${stale.version}`;
    const shared = running.get(key);
    if (shared) return shared;

    const started = store.withLock(id, (lock) => renewLocked(id, stale, lock)).finally(() => running.delete(key));
    // It belongs to the grant: when every caller has left, nobody is there to hear that it failed.
    started.catch(() => undefined);
    running.set(key, started);
    return started;
  }

  async function renewLocked(id: string, stale: Grant, lock: Lock): Promise<Grant | null> {
    const stored = await store.get(id);
    if (!stored || stored.ended || stored.accessToken !== stale.accessToken) return stored;
    if (!endpoint || stored.refreshToken === null) throw new RenewalFailedError("it cannot be renewed.", 0);

    const rotation = unwritten.get(id);
    if (rotation?.spent === stored.refreshToken) return write(id, stored, rotation.tokens);

    const waitMs = Math.max(coolDowns.remainingMs(id), freshForMs(stored, now()));
    if (waitMs > 0) throw new RenewalFailedError("the last attempt was only a moment ago.", waitMs);
    if (lock.remainingMs() < renewalMs) throw new RenewalFailedError("waiting for its turn took too long.", 1_000);

    try {
      const { tokens } = await endpoint.renew(stored.refreshToken);
      coolDowns.end(id);
      return await write(id, stored, tokens);
    } catch (error) {
      if (error instanceof TokenRefusal) return refused(id, stored, error);
      throw error;
    }
  }

  /** Until the store has them, the new tokens are ours to remember: the old refresh token may be spent. */
  async function write(id: string, stored: Grant, tokens: Tokens): Promise<Grant | null> {
    const renewed = { ...stored, ...tokens, refreshToken: tokens.refreshToken ?? stored.refreshToken };
    unwritten.set(id, { spent: stored.refreshToken, tokens }, unwrittenKeptMs);
    const written = await store.replace(id, stored.version, renewed);
    unwritten.delete(id);
    return written ? { ...renewed, version: stored.version + 1 } : store.get(id);
  }

  async function refused(id: string, asked: Grant, refusal: TokenRefusal): Promise<Grant | null> {
    const final = refusal.kind === "refused" && refusal.oauthError === "invalid_grant";
    if (!final) throw new RenewalFailedError(refusal.message, coolDowns.begin(id));

    const stored = await store.get(id);
    if (stored?.version !== asked.version) return stored;
    const ended = { ...stored, ended: "renewal_refused" } as const;
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
      await probes.close();
    },
  };
}

/** Tokens the server has given out and the store does not have yet. */
interface Rotation {
  /** The refresh token they were given for. */
  readonly spent: string | null;
  readonly tokens: Tokens;
}
