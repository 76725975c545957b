import { isMissed, type MirroredCall, type Named } from "../mirror/mirrored-call";

/**
 * `waiting`: rang in vain, and nobody has tried since. `tried`: somebody rang back, and they did not pick up. `reached`:
 * they spoke with somebody since. `done`: somebody said that no call is needed.
 */
export type CallerState = "waiting" | "tried" | "reached" | "done";

/** Somebody who rang in vain, and what became of it. One who withheld the number is there once for each call. */
export interface Caller {
  /** The number in E.164, or `call:` and the id of a call without. */
  readonly key: string;
  /** Null when it was withheld. */
  readonly number: string | null;
  /** Who they are; null where Aircall's contacts do not know. */
  readonly name: string | null;
  readonly state: CallerState;
  /** What they missed since they were last spoken with, oldest first. */
  readonly missed: readonly [MirroredCall, ...MirroredCall[]];
  readonly latest: MirroredCall;
  /** Calls back since the latest missed one that they did not pick up, oldest first. */
  readonly tries: readonly MirroredCall[];
  /** Whether somebody calls them back right now. */
  readonly calling: boolean;
  /** The call in which they were reached; null while they were not. */
  readonly reached: MirroredCall | null;
  /** The latest with a voicemail. */
  readonly voicemail: MirroredCall | null;
  readonly comments: number;
  /** Who had to do with them: rung, assigned, tried, reached. */
  readonly agents: readonly Named[];
}

const known = new WeakMap<readonly MirroredCall[], readonly Caller[]>();

/** Everybody who was missed, the longest waiting first. `calls` as the mirror has them, the oldest first. */
export function findCallers(calls: readonly MirroredCall[]): readonly Caller[] {
  const found = known.get(calls) ?? readCallers(calls);
  known.set(calls, found);
  return found;
}

function readCallers(calls: readonly MirroredCall[]): readonly Caller[] {
  const byKey = new Map<string, MirroredCall[]>();
  for (const call of calls) {
    const key = call.number ?? `call:${call.id}`;
    const theirs = byKey.get(key);
    if (theirs) theirs.push(call);
    else byKey.set(key, [call]);
  }
  return [...byKey]
    .flatMap(([key, theirs]) => readCaller(key, theirs) ?? [])
    .sort((one, other) => one.missed[0].startedAt - other.missed[0].startedAt);
}

/** Null when they were always answered. */
function readCaller(key: string, theirs: readonly MirroredCall[]): Caller | null {
  const last = theirs.findLastIndex(isMissed);
  const latest = theirs[last];
  if (!latest) return null;
  const before = theirs.slice(0, last);
  const settled = before.findLastIndex((call) => isReached(call) || (isMissed(call) && call.archived));
  const missed = before.slice(latest.archived ? last : settled + 1).filter(isMissed);
  const since = theirs.slice(last + 1);
  const reached = since.find(isReached) ?? null;
  const tries = since.filter((call) => isTry(call) && (!reached || call.startedAt < reached.startedAt));
  const [first, ...more] = [...missed, latest];
  const all = [first, ...more] as const;
  return {
    key,
    number: latest.number,
    name: theirs.findLast(({ name }) => name)?.name ?? null,
    state: reached ? "reached" : latest.archived ? "done" : tries.length > 0 ? "tried" : "waiting",
    ...withMarks(all),
    latest,
    tries,
    calling: since.some(isCalling),
    reached,
    agents: [...all, ...since].flatMap(({ agent, assignedTo }) => [agent, assignedTo].filter((one) => one !== null)),
  };
}

/** As one speaks of them. */
export function nameOf({ name, latest }: Caller): string {
  return name ?? latest.digits ?? "The caller";
}

/** Those calls, and what is to be heard and read of them. */
export function withMarks(missed: Caller["missed"]): Pick<Caller, "missed" | "voicemail" | "comments"> {
  const voicemail = missed.findLast(({ voicemail }) => voicemail) ?? null;
  return { missed, voicemail, comments: missed.reduce((sum, { comments }) => sum + comments, 0) };
}

/** Somebody picked up, in or out. */
function isReached({ answeredAt }: MirroredCall): boolean {
  return answeredAt !== null;
}

function isCalling({ direction, status, answeredAt }: MirroredCall): boolean {
  return direction === "outbound" && status !== "done" && answeredAt === null;
}

/** An outbound call that is over and that nobody picked up. */
function isTry({ direction, status, answeredAt }: MirroredCall): boolean {
  return direction === "outbound" && status === "done" && answeredAt === null;
}
