import type { Tokens } from "../../oauth/tokens";

const earlyMs = 60_000;
const freshMs = 5_000;

/** By its own words; a token without an expiry never is. */
export function isExpired({ expiresAt }: Tokens, at: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= at;
}

/** In the last minute of its life, or the last tenth where that is shorter. */
export function isExpiring({ expiresAt, obtainedAt }: Tokens, at: number): boolean {
  if (!expiresAt) return false;
  const lifeMs = expiresAt.getTime() - obtainedAt.getTime();
  return expiresAt.getTime() - at <= Math.min(earlyMs, lifeMs / 10);
}

/**
 * How long a token is too new to be renewed, whatever it says of its life; 0 when it may be. A token from the future
 * is one of a process whose clock is ahead, and may be.
 */
export function freshForMs({ obtainedAt }: Tokens, at: number): number {
  const ageMs = at - obtainedAt.getTime();
  return ageMs >= 0 && ageMs < freshMs ? freshMs - ageMs : 0;
}
