import type { Grant, NewGrant } from "./grant";

/** What a doubled callback learns of the one that came first: plain JSON, at most a few hundred bytes. */
export type Outcome = { readonly grantId: string } | { readonly error: string };

/**
 * Where grants live. Three come with the library; an app may bring its own, which must pass the same promises.
 * Every method rejects with a StoreError when the store failed or took longer than two seconds.
 */
export interface GrantStore {
  /** Null when there is no such grant, it has expired, or what is stored is not one. */
  get(id: string): Promise<Grant | null>;
  /**
   * Keeps a new grant for twice `lifeMs` and answers its id: 24 random bytes, base64url. Reading the grant extends
   * its life, at most once per `lifeMs / 2`.
   */
  create(grant: NewGrant, lifeMs: number): Promise<string>;
  /** Compare and set: writes `grant` with version `expectedVersion + 1`. False when the record is absent or newer. */
  replace(id: string, expectedVersion: number, grant: NewGrant): Promise<boolean>;
  /** Resolves when no later `get` or `replace` can see the record. */
  delete(id: string): Promise<void>;
  /** The ids of the grants of one company. */
  idsOf(companyId: number): Promise<string[]>;
  /** True for exactly one caller per key until `ttlMs` have passed. */
  claim(key: string, ttlMs: number): Promise<boolean>;
  /** Leaves the claim's outcome for those who lost it; readable for a minute. */
  settle(key: string, outcome: Outcome): Promise<void>;
  outcome(key: string): Promise<Outcome | null>;
  /** Runs `work` while nobody else runs any for this id. */
  withLock<T>(id: string, work: (lock: Lock) => Promise<T>): Promise<T>;
}

export interface Lock {
  /** How long this lock is still ours, by the monotonic clock; Infinity where it cannot expire. */
  remainingMs(): number;
}
