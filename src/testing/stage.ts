import type { Grant, NewGrant } from "../grants/grant";
import type { GrantStore } from "../grants/store";

/** A fresh store, as each test wants one. */
export interface StoreUnderTest {
  readonly store: GrantStore;
  /** Where the store does not go by the clock it was given: makes its own time pass. */
  readonly pass?: ((ms: number) => Promise<void>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/** What a test has at hand. */
export interface Stage {
  readonly store: GrantStore;
  readonly pass: (ms: number) => Promise<void>;
  /** How many random sequences of calls are tried. */
  readonly numRuns: number;
}

/** What is promised, and a way to find out. */
export type Case = readonly [promise: string, holds: (stage: Stage) => Promise<void>];

export const lifeMs = 60_000;
export const [app, otherApp] = ["an-app-1", "an-app-2"];

const obtainedAt = Date.parse("2026-11-23T10:00:00Z");

/** A grant of company 7 to {@link app}, unless told otherwise. */
export function newGrant(changes: Partial<Grant> = {}): NewGrant {
  return {
    app,
    account: { id: 7, name: "Acme", user: { id: 1, name: "Ada", email: "ada@acme.example" } },
    ref: null,
    apiId: null,
    connectedAt: new Date(obtainedAt),
    accessToken: "access-0",
    refreshToken: "refresh-0",
    expiresAt: new Date(obtainedAt + 3_600_000),
    obtainedAt: new Date(obtainedAt),
    state: "active",
    refusedAt: null,
    ...changes,
  };
}

/** Works on the items one after the other, and answers the results in their order. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
