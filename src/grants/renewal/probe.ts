import { createHash, randomUUID } from "node:crypto";
import { tell } from "../../diagnostics";
import type { Probe } from "../../http/credential";
import type { Deadline } from "../../time/deadline";
import { createExpiringMap } from "../../time/expiring-map";
import { credentialOf, type Grant } from "../grant";
import { isExpired } from "./expiry";
import { graceMs, isProbeDue, probeEveryMs, standingAfter, type Standing } from "./standing";
import type { ClaimOutcome, GrantStore } from "../store";

/** A claim ends a little before what is remembered does, so that who asks again does not find it still standing. */
const marginMs = 1_000;
/** For how long the others hear what came of it. */
const outcomeMs = 60_000;
const probeTimeoutMs = 10_000;
const maxChecks = 10_000;
const firstPauseMs = 50;
const longestPauseMs = 1_000;

export type Verdict = Awaited<ReturnType<Probe>>;

export interface Check {
  readonly verdict: Verdict;
  /** As it stands after Aircall was asked; null when it is gone. */
  readonly grant: Grant | null;
}

export interface Probes {
  /**
   * Whether Aircall accepts the grant's token at all. Asked once per grant and minute, whoever asks in whichever process;
   * a verdict that changes the grant is written down. Never rejects.
   */
  check(id: string, grant: Grant): Promise<Check>;
  /** Somebody has read this grant: where it is refused and may be asked about again, that is done, and nobody waits. */
  watch(id: string, grant: Grant): void;
  /** Waits for probes under way. */
  close(): Promise<void>;
}

/** What may give a grant another token before a refusal of this one counts. */
export interface Cure {
  due(id: string, grant: Grant): boolean;
  helps(grant: Grant): boolean;
  renew(id: string, stale: Grant): Promise<Grant | null>;
}

export interface ProbesParts {
  readonly store: GrantStore;
  readonly probe: Probe;
  readonly cure: Cure;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export function createProbes({ store, probe, cure, now, sleep }: ProbesParts): Probes {
  const checks = createExpiringMap<Promise<Check>>(maxChecks, now);

  function check(id: string, grant: Grant): Promise<Check> {
    const key = `${id}:${grant.version}`;
    const known = checks.get(key);
    if (known) return known;
    if (!isProbeDue(grant, now()) && !cure.due(id, grant)) return Promise.resolve({ verdict: "refused", grant });
    // Where the store fails it holds for its time here, and is then asked and written again.
    const checking = renewedAndAsked(id, grant).catch((): Check => ({ verdict: "unknown", grant }));
    checks.set(key, checking, probeEveryMs(grant, now()));
    return checking;
  }

  /** What has expired meanwhile would be refused for that alone. */
  async function renewedAndAsked(id: string, grant: Grant): Promise<Check> {
    if (!cure.due(id, grant)) return askInTurn(id, grant);
    const other = await renewed(id, grant);
    if (!other || other.state === "ended") return { verdict: "refused", grant: other };
    return askInTurn(id, other);
  }

  /** Of all processes that meet a refusal, one asks. What comes of it matters to the others only while it may be new. */
  async function askInTurn(id: string, grant: Grant): Promise<Check> {
    const key = keyOf(id, grant);
    const { ours, ageMs } = await store.claim(key, randomUUID(), probeEveryMs(grant, now()) - marginMs);
    if (!ours) return grant.refusedAt ? { verdict: "refused", grant } : hear(id, key, probeTimeoutMs - ageMs);

    const asked = await ask(id, grant);
    if (!grant.refusedAt || asked.verdict === "accepted") {
      await store.settle(key, outcomeOf(asked.verdict), outcomeMs).catch(() => undefined);
    }
    return asked;
  }

  /** What the one who asks finds out, who has `leftMs` for it. */
  async function hear(id: string, key: string, leftMs: number): Promise<Check> {
    const endsAt = performance.now() + leftMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const outcome = await store.outcome(key);
      if (outcome || performance.now() >= endsAt) return { verdict: verdictIn(outcome), grant: await store.get(id) };
      await sleep(pauseMs);
    }
  }

  /** A token that can be renewed is, before a refusal of it may suspend the grant. */
  async function ask(id: string, grant: Grant): Promise<Check> {
    const verdict = await ping(grant);
    if (verdict !== "refused" || grant.state === "suspended" || !cure.helps(grant)) return note(id, grant, verdict);

    const other = await renewed(id, grant);
    if (!other || other.state === "ended") return { verdict, grant: other };
    if (other.accessToken === grant.accessToken) return note(id, grant, verdict, Infinity);
    return note(id, other, await ping(other));
  }

  /** The same grant where it could not be renewed now. */
  function renewed(id: string, grant: Grant): Promise<Grant | null> {
    return cure.renew(id, grant).catch(() => grant);
  }

  async function ping(grant: Grant): Promise<Verdict> {
    const verdict = await probe(credentialOf(grant), deadlineOfItsOwn()).catch((): Verdict => "unknown");
    tell("express-aircall:probe", { verdict });
    return verdict;
  }

  /** What expired by its own words, and has nothing to be renewed by, is refused for good reason. */
  function graceOf(grant: Grant): number {
    return isExpired(grant, now()) && grant.refreshToken === null ? 0 : graceMs;
  }

  async function note(id: string, asked: Grant, verdict: Verdict, grace = graceOf(asked)): Promise<Check> {
    const grant = await write(id, asked, verdict, grace).catch(() => asked);
    return { verdict, grant };
  }

  /** Only of the token that was asked about: whoever has written another knows better. */
  async function write(id: string, asked: Grant, verdict: Verdict, grace: number): Promise<Grant | null> {
    if (verdict === "unknown") return asked;
    const stored = await store.get(id);
    if (stored?.accessToken !== asked.accessToken || stored.state === "ended") return stored;
    const standing = standingAfter(stored, verdict, { at: now(), grace });
    if (isSame(stored, standing)) return stored;
    if (!(await store.replace(id, stored.version, { ...stored, ...standing }))) return store.get(id);
    tellOfChange(stored, standing, now());
    return { ...stored, ...standing, version: stored.version + 1 };
  }

  return {
    check,
    watch(id, grant) {
      if (grant.refusedAt && grant.state !== "ended") void check(id, grant);
    },
    async close() {
      await Promise.all(Array.from(checks.entries(), ([, checking]) => checking));
    },
  };
}

function isSame(one: Standing, other: Standing): boolean {
  return one.state === other.state && one.refusedAt?.getTime() === other.refusedAt?.getTime();
}

function tellOfChange(before: Standing, after: Standing, at: number): void {
  const refusedForMs = at - (before.refusedAt ?? after.refusedAt ?? new Date(at)).getTime();
  if (after.state === "suspended" && before.state === "active") tell("express-aircall:suspension", { refusedForMs });
  if (!after.refusedAt) tell("express-aircall:recovery", { suspended: before.state === "suspended", refusedForMs });
}

/** A token, not a version: writing a verdict down must not ask for another. In its grant's hash tag. */
function keyOf(id: string, { accessToken }: Grant): string {
  return `${id}:probe:${createHash("sha256").update(accessToken).digest("base64url")}`;
}

/** In the words that a store has for what came of a claim. */
function outcomeOf(verdict: Verdict): ClaimOutcome {
  return { error: verdict };
}

function verdictIn(outcome: ClaimOutcome | null): Verdict {
  const told = outcome && "error" in outcome ? outcome.error : null;
  return told === "accepted" || told === "refused" ? told : "unknown";
}

/** The answer is for everybody, so no single caller's deadline ends it. */
function deadlineOfItsOwn(): Deadline {
  const endsAt = performance.now() + probeTimeoutMs;
  return { signal: AbortSignal.timeout(probeTimeoutMs), remainingMs: () => Math.max(0, endsAt - performance.now()) };
}
