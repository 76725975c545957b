import { accepted, type Grant } from "../grant";

const aMinuteMs = 60_000;
const anHourMs = 3_600_000;

/** How long Aircall may refuse a token before its grant is suspended: an incident of seconds ends nothing. */
export const graceMs = aMinuteMs;

export type Standing = Pick<Grant, "state" | "refusedAt">;

/** What a grant becomes as Aircall accepts its token, or refuses it and has done so for `grace` milliseconds. */
export function standingAfter(
  { state, refusedAt }: Standing,
  verdict: "accepted" | "refused",
  { at, grace }: { readonly at: number; readonly grace: number },
): Standing {
  if (verdict === "accepted") return accepted;
  // A refusal from the future is one of a process whose clock is ahead.
  const since = Math.min(refusedAt?.getTime() ?? at, at);
  return { state: state === "active" && at - since >= grace ? "suspended" : state, refusedAt: new Date(since) };
}

/** That it could be renewed shows that it has not ended, but not that Aircall accepts the new token where it refused the old. */
export function standingAfterRenewal({ state, refusedAt }: Standing): Standing {
  return state === "ended" ? accepted : { state, refusedAt };
}

/** A grant that may be used: Aircall has not refused its token since it last accepted it. */
export function isSound({ state, refusedAt }: Standing): boolean {
  return state === "active" && refusedAt === null;
}

/** Milliseconds between two probes of the same token: a minute; once it was refused for an hour, fifteen. */
export function probeEveryMs({ refusedAt }: Standing, at: number): number {
  return refusedAt !== null && at - refusedAt.getTime() >= anHourMs ? 15 * aMinuteMs : aMinuteMs;
}

/** Whether the minute after the first refusal is over: whoever asks earlier would learn nothing new. */
export function isProbeDue({ refusedAt }: Standing, at: number): boolean {
  if (refusedAt === null) return true;
  const ageMs = at - refusedAt.getTime();
  return ageMs < 0 || ageMs >= aMinuteMs;
}
