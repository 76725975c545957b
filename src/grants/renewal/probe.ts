import { tell } from "../../diagnostics";
import type { Probe } from "../../http/credential";
import type { Deadline } from "../../time/deadline";
import { createExpiringMap } from "../../time/expiring-map";
import { credentialOf, type Grant } from "../grant";
import type { GrantStore } from "../store";
import { createProbeClaims, probeTimeoutMs } from "./probe-claim";
import { isProbeDue, probeEveryMs } from "./suspension";
import { createVerdicts, type Verdict } from "./verdict";

const maxChecks = 10_000;

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
  /** Whether it is refused, so that whoever reads it should have it checked, without waiting for that. */
  watches(grant: Grant): boolean;
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
  const claim = createProbeClaims({ store, now, sleep });
  const writeVerdict = createVerdicts(store, now);

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

  /** What comes of it matters to the others only while it may be new. */
  async function askInTurn(id: string, grant: Grant): Promise<Check> {
    const turn = await claim(id, grant);
    if (!turn.ours && grant.refusedAt) return { verdict: "refused", grant };
    if (!turn.ours) return { verdict: await turn.hear(), grant: await store.get(id) };

    const asked = await ask(id, grant);
    if (!grant.refusedAt || asked.verdict === "accepted") await turn.settle(asked.verdict);
    return asked;
  }

  /** A token that can be renewed is, before a refusal of it may suspend the grant. */
  async function ask(id: string, grant: Grant): Promise<Check> {
    const verdict = await ping(grant);
    if (verdict !== "refused" || grant.state === "suspended" || !cure.helps(grant)) {
      return { verdict, grant: await writeVerdict(id, { verdict, asked: grant }) };
    }
    const other = await renewed(id, grant);
    if (!other || other.state === "ended") return { verdict, grant: other };
    if (other.accessToken === grant.accessToken) {
      return { verdict, grant: await writeVerdict(id, { verdict, asked: grant, awaitsRenewal: true }) };
    }
    const after = await ping(other);
    return { verdict: after, grant: await writeVerdict(id, { verdict: after, asked: other }) };
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

  return {
    check,
    watches: ({ refusedAt, state }) => Boolean(refusedAt) && state !== "ended",
    async close() {
      await Promise.all(Array.from(checks.entries(), ([, checking]) => checking));
    },
  };
}

/** The answer is for everybody, so no single caller's deadline ends it. */
function deadlineOfItsOwn(): Deadline {
  const endsAt = performance.now() + probeTimeoutMs;
  return { signal: AbortSignal.timeout(probeTimeoutMs), remainingMs: () => Math.max(0, endsAt - performance.now()) };
}
