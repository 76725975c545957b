import type { AiVoiceCall, QueuedAiVoiceCall } from "./outbox";

const callMs = 60_000;

/** What is to be called, by whom, when and until when; moments in UNIX milliseconds. */
type Wanted = Pick<QueuedAiVoiceCall, "companyId" | "to" | "at"> & { readonly expiresAt: number };

/**
 * When the next call begins, each taking a minute: at most `atOnce` of a company at a time, and one per number; null when
 * it expires before.
 */
export function startOf(queued: readonly QueuedAiVoiceCall[], wanted: Wanted, atOnce: number): number | null {
  if (atOnce === Infinity) return wanted.at;
  const others = queued.filter(({ companyId }) => companyId === wanted.companyId);
  const ends = others.flatMap(({ startsAt }) => (startsAt === null ? [] : [startsAt + callMs]));
  const isFree = (moment: number) => {
    const meanwhile = others.filter(({ startsAt }) => startsAt !== null && overlaps(startsAt, moment));
    return meanwhile.length < atOnce && meanwhile.every(({ to }) => to !== wanted.to);
  };
  const moments = [wanted.at, ...ends.sort((one, other) => one - other)];
  const start = moments.find((moment) => moment >= wanted.at && isFree(moment)) ?? wanted.at;
  return start < wanted.expiresAt ? start : null;
}

/** The call as it is by now. */
export function aiVoiceCallAt({ startsAt, expiresAt, ...call }: QueuedAiVoiceCall, now: number): AiVoiceCall {
  if (startsAt === null) return { ...call, status: now < expiresAt ? "PENDING" : "FAILED" };
  if (now < startsAt) return { ...call, status: "PENDING" };
  return { ...call, status: now < startsAt + callMs ? "IN_PROGRESS" : "COMPLETED" };
}

function overlaps(start: number, other: number): boolean {
  return Math.abs(start - other) < callMs;
}
