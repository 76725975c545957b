import { setMaxListeners } from "node:events";
import type { Grant } from "../../src/grants/grant";
import type { Deadline } from "../../src/time/deadline";

export const start = Date.parse("2026-11-23T10:00:00Z");

/** A clock that stands still until it is told to move. */
export function createClock(at = start) {
  return {
    now: () => at,
    pass: (ms: number) => void (at += ms),
  };
}

/** A grant that expires in an hour, unless told otherwise. */
export function newGrant(changes: Partial<Grant> = {}): Omit<Grant, "version"> {
  return {
    app: null,
    account: { id: 7, name: "Acme", user: { id: 1, name: "Ada", email: "ada@acme.example" } },
    ref: null,
    apiId: null,
    connectedAt: new Date(start),
    accessToken: "access-0",
    refreshToken: "refresh-0",
    expiresAt: new Date(start + 3_600_000),
    obtainedAt: new Date(start),
    state: "active",
    refusedAt: null,
    ...changes,
  };
}

const { signal } = new AbortController();
setMaxListeners(0, signal);

/** For callers in no hurry. */
export const patient: Deadline = { signal, remainingMs: () => Infinity };
