import { tell } from "../../diagnostics";
import type { Probe } from "../../http/credential";
import type { Grant } from "../grant";
import type { GrantStore } from "../store";
import { isExpired } from "./expiry";
import { graceMs, standingAfter, type Standing } from "./suspension";

/** What Aircall said of a token. */
export type Verdict = Awaited<ReturnType<Probe>>;

export interface VerdictToWrite {
  readonly verdict: Verdict;
  /** The grant as it stood when Aircall was asked about its token. */
  readonly asked: Grant;
  /** It is to be renewed and could not be: until then no refusal suspends it. */
  readonly awaitsRenewal?: boolean;
}

/** Writes down what a verdict makes of a grant; null when it is gone. Where the store fails, the grant stands as it was. */
export type WriteVerdict = (id: string, written: VerdictToWrite) => Promise<Grant | null>;

export function createVerdicts(store: GrantStore, now: () => number): WriteVerdict {
  /** What expired by its own words, and has nothing to be renewed by, is refused for good reason. */
  function graceOf({ asked, awaitsRenewal = false }: VerdictToWrite): number {
    if (awaitsRenewal) return Infinity;
    return isExpired(asked, now()) && asked.refreshToken === null ? 0 : graceMs;
  }

  /** Only of the token that was asked about: whoever has written another knows better. */
  async function write(id: string, written: VerdictToWrite, grace: number): Promise<Grant | null> {
    const { verdict, asked } = written;
    if (verdict === "unknown") return asked;
    const stored = await store.get(id);
    if (stored?.accessToken !== asked.accessToken || stored.state === "ended") return stored;
    const standing = standingAfter(stored, verdict, { at: now(), grace });
    if (isSame(stored, standing)) return stored;
    if (!(await store.replace(id, stored.version, { ...stored, ...standing }))) return store.get(id);
    tellOfChange(stored, standing, now());
    return { ...stored, ...standing, version: stored.version + 1 };
  }

  return (id, written) => write(id, written, graceOf(written)).catch(() => written.asked);
}

function isSame(one: Standing, other: Standing): boolean {
  return one.state === other.state && one.refusedAt?.getTime() === other.refusedAt?.getTime();
}

function tellOfChange(before: Standing, after: Standing, at: number): void {
  const refusedForMs = at - (before.refusedAt ?? after.refusedAt ?? new Date(at)).getTime();
  if (after.state === "suspended" && before.state === "active") tell("express-aircall:suspension", { refusedForMs });
  if (!after.refusedAt) tell("express-aircall:recovery", { suspended: before.state === "suspended", refusedForMs });
}
