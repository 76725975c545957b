import type { CompanyKey } from "../mirror/company";
import type { Mirror } from "../mirror/mirror";
import type { Named } from "../mirror/mirrored-call";
import type { Caller } from "./callers";

/** Who is on a caller. Moments are UNIX seconds. */
export interface Take {
  readonly by: Named;
  readonly at: number;
}

/** Why somebody needs no call, who said so, and when. */
export interface Done {
  readonly reason: DoneReason;
  readonly by: Named | null;
  readonly at: number;
  /** The calls that were archived at Aircall for it. */
  readonly calls: readonly number[];
}

export const doneReasons = {
  solved: "Solved another way",
  wrong: "Wrong number",
  sales: "Sales call or spam",
  other: "Another reason",
} as const;

export type DoneReason = keyof typeof doneReasons;

export function isDoneReason(text: string | undefined): text is DoneReason {
  return text !== undefined && Object.hasOwn(doneReasons, text);
}

/** Null where nobody is on them, or was before they rang again after having been spoken with. */
export function takeOf(mirror: Mirror, company: CompanyKey, { key, missed, state }: Caller): Take | null {
  const take = read<Take>(mirror.fields(company, "takes").get(key));
  return take && take.at >= missed[0].startedAt && (state === "waiting" || state === "tried") ? take : null;
}

/** Who was on them as they were reached, whoever reached them; null where nobody was. */
export function takeBefore(mirror: Mirror, company: CompanyKey, { key, missed, reached }: Caller): Take | null {
  const take = read<Take>(mirror.fields(company, "takes").get(key));
  return take && reached && take.at >= missed[0].startedAt && take.at <= reached.startedAt ? take : null;
}

/**
 * Takes a caller, unless somebody else has: answers who has them then. `anyway` takes them from whoever it is. At once
 * for all viewers, and for one only where two do it at the same moment.
 */
export async function take(
  mirror: Mirror,
  company: CompanyKey,
  caller: Caller,
  { by, at, anyway = false }: Take & { anyway?: boolean },
): Promise<Take> {
  const present = takeOf(mirror, company, caller);
  if (present && present.by.id !== by.id && !anyway) return present;
  const text = JSON.stringify({ by, at });
  if (present || mirror.fields(company, "takes").has(caller.key)) {
    await mirror.write(company, "takes", { [caller.key]: text });
    return { by, at };
  }
  return read<Take>(await mirror.writeOnce(company, "takes", caller.key, text)) ?? { by, at };
}

export function release(mirror: Mirror, company: CompanyKey, { key }: Caller): Promise<void> {
  return mirror.write(company, "takes", { [key]: null });
}

/** Null where they were not done by hand here; archived at Aircall they may be all the same. */
export function doneOf(mirror: Mirror, company: CompanyKey, { key, state }: Caller): Done | null {
  return state === "done" ? read<Done>(mirror.fields(company, "done").get(key)) : null;
}

export async function noteDone(mirror: Mirror, company: CompanyKey, { key }: Caller, done: Done | null): Promise<void> {
  await mirror.write(company, "done", { [key]: done && JSON.stringify(done) });
}

function read<T>(text: string | undefined): T | null {
  return text === undefined ? null : (JSON.parse(text) as T);
}
