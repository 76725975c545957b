import { createExpiringMap } from "../../time/expiring-map";
import type { Claim, ClaimOutcome } from "../store";

const maxClaims = 100_000;

export interface KeptClaim {
  readonly owner: string;
  readonly at: number;
  readonly endsAt: number;
}

export interface KeptOutcome {
  readonly outcome: ClaimOutcome;
  readonly endsAt: number;
}

/** Claims and their outcomes in memory: see {@link GrantStore}. */
export class ClaimTable {
  readonly #claims;
  readonly #outcomes;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#claims = createExpiringMap<KeptClaim>(maxClaims, now);
    this.#outcomes = createExpiringMap<KeptOutcome>(maxClaims, now);
    this.#now = now;
  }

  claim(key: string, owner: string, ttlMs: number): Claim {
    const held = this.#claims.get(key);
    if (held) return { ours: held.owner === owner, ageMs: this.#now() - held.at };
    this.putClaim(key, { owner, at: this.#now(), endsAt: this.#now() + ttlMs });
    return { ours: true, ageMs: 0 };
  }

  renew(key: string, owner: string, ttlMs: number): boolean {
    const held = this.#claims.get(key);
    if (held?.owner !== owner) return false;
    this.putClaim(key, { ...held, endsAt: this.#now() + ttlMs });
    return true;
  }

  /** Does nothing when it has ended, or is somebody else's by now. */
  giveBack(key: string, owner: string): void {
    if (this.#claims.get(key)?.owner === owner) this.#claims.delete(key);
  }

  settle(key: string, outcome: ClaimOutcome, keepMs: number): void {
    this.putOutcome(key, { outcome, endsAt: this.#now() + keepMs });
  }

  outcome(key: string): ClaimOutcome | null {
    return this.#outcomes.get(key)?.outcome ?? null;
  }

  /** Takes in what was read elsewhere. */
  putClaim(key: string, claim: KeptClaim): void {
    this.#claims.set(key, claim, claim.endsAt - this.#now());
  }

  putOutcome(key: string, kept: KeptOutcome): void {
    this.#outcomes.set(key, kept, kept.endsAt - this.#now());
  }

  claims(): Iterable<[key: string, claim: KeptClaim]> {
    return this.#claims.entries();
  }

  outcomes(): Iterable<[key: string, kept: KeptOutcome]> {
    return this.#outcomes.entries();
  }
}
