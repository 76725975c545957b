import { RenewalFailedError } from "../../errors/errors";
import { tell, type AircallDiagnostics } from "../../diagnostics";
import type { TokenEndpoint } from "../../oauth/token-endpoint";
import { TokenRefusal } from "../../oauth/token-refusal";
import type { CoolDowns } from "./cool-down";
import { createLostResponses } from "./lost-response";
import type { Grant } from "../grant";
import { freshForMs } from "./expiry";
import type { GrantStore, Lock } from "../store";
import type { PendingWrites } from "./pending-writes";

/** What the token endpoint may take, and so what a lock must still hold for. */
const renewalMs = 20_000;
/** For how long at least nobody, in any process, sends a refresh token again whose response was lost. */
const leastPauseMs = 5_000;

export interface RefreshParts {
  readonly store: GrantStore;
  /** Null where nothing may be renewed. */
  readonly endpoint: Pick<TokenEndpoint, "renew"> | null;
  readonly coolDowns: CoolDowns;
  readonly pendingWrites: PendingWrites;
  readonly now: () => number;
}

/** Spends a refresh token, under its grant's lock. */
export type Refresh = (id: string, stale: Grant, lock: Lock) => Promise<Grant | null>;

export function createRefresh({ store, endpoint, coolDowns, pendingWrites, now }: RefreshParts): Refresh {
  const lostResponses = createLostResponses(store, now);

  async function refresh(id: string, stale: Grant, lock: Lock): Promise<Grant | null> {
    const [stored, lostResponseMs] = await read(id, stale);
    if (!stored || stored.state === "ended" || stored.accessToken !== stale.accessToken) return stored;
    if (!endpoint || stored.refreshToken === null) throw new RenewalFailedError("it cannot be renewed.", 0);

    const waitMs = Math.max(coolDowns.remainingMs(id), freshForMs(stored, now()), lostResponseMs);
    if (waitMs > 0) throw new RenewalFailedError("the last attempt was only a moment ago.", waitMs);
    if (lock.remainingMs() < renewalMs) throw new RenewalFailedError("waiting for its turn took too long.", 1_000);

    const told = stopwatch();
    try {
      const { tokens } = await renew(endpoint, id, stored.refreshToken);
      coolDowns.end(id);
      told(null);
      return await pendingWrites.write(id, { spent: stored, tokens });
    } catch (error) {
      if (!(error instanceof TokenRefusal)) throw error;
      told(isFinal(error) ? "renewal_refused" : "renewal_failed");
      if (isFinal(error)) return end(id, stored);
      throw await passing(id, stored.refreshToken, error);
    }
  }

  /** A bug says as little as a lost response of whether the refresh token was spent. */
  async function renew({ renew }: NonNullable<typeof endpoint>, id: string, refreshToken: string) {
    try {
      return await renew(refreshToken);
    } catch (error) {
      if (!(error instanceof TokenRefusal)) await passing(id, refreshToken, { message: "", lost: true });
      throw error;
    }
  }

  function read(id: string, { refreshToken }: Grant): Promise<[Grant | null, number]> {
    return Promise.all([store.get(id), refreshToken === null ? 0 : lostResponses.remainingMs(id, refreshToken)]);
  }

  /** A store that cannot be told of a lost response cannot be asked for a lock either, and this process knows of the pause. */
  async function passing(id: string, refreshToken: string, { message, lost }: Pick<TokenRefusal, "message" | "lost">) {
    const waitMs = coolDowns.begin(id);
    if (lost) await lostResponses.begin(id, refreshToken, Math.max(waitMs, leastPauseMs)).catch(() => undefined);
    return new RenewalFailedError(message, waitMs);
  }

  /** Unless a sibling has renewed it meanwhile. */
  async function end(id: string, asked: Grant): Promise<Grant | null> {
    const stored = await store.get(id);
    if (stored?.accessToken !== asked.accessToken || stored.refreshToken !== asked.refreshToken) return stored;
    const ended = { ...stored, state: "ended" } as const;
    if (await store.replace(id, stored.version, ended)) return { ...ended, version: stored.version + 1 };
    return end(id, stored);
  }

  return refresh;
}

function stopwatch(): (code: AircallDiagnostics["express-aircall:renewal"]["code"]) => void {
  const startedAt = performance.now();
  return (code) => tell("express-aircall:renewal", { code, durationMs: performance.now() - startedAt });
}

/** The server knows the refresh token no more; everything else may pass. */
function isFinal({ kind, oauthError }: TokenRefusal): boolean {
  return kind === "refused" && oauthError === "invalid_grant";
}
