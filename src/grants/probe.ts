import { createHash } from "node:crypto";
import { tell } from "../events";
import type { Deadline, Probe } from "../http/http";
import { createExpiringMap } from "./expiring-map";
import { accepted, credentialOf, type Grant } from "./grant";
import type { GrantStore } from "./store";

const rememberedMs = 60_000;
/** A little less, so that who remembers the last verdict no longer does not find the claim of that time still standing. */
const claimedMs = rememberedMs - 1_000;
const probeTimeoutMs = 10_000;
const maxVerdicts = 10_000;

export type Verdict = Awaited<ReturnType<Probe>>;

export interface Probes {
  /**
   * Whether Aircall accepts the grant's token at all. Asked once per grant and minute, whoever asks; a verdict that
   * changes the grant is written down. Never rejects.
   */
  check(id: string, grant: Grant): Promise<Verdict>;
  /** Waits for probes under way. */
  close(): Promise<void>;
}

export interface ProbesParts {
  readonly store: GrantStore;
  readonly probe: Probe;
  readonly now: () => number;
}

export function createProbes({ store, probe, now }: ProbesParts): Probes {
  const verdicts = createExpiringMap<Promise<Verdict>>(maxVerdicts, now);

  /** Of all processes that use a dead grant, one a minute asks whether it lives again. */
  async function askInTurn(key: string, id: string, grant: Grant): Promise<Verdict> {
    const ours = grant.state === "active" || (await store.claim(`probe:${key}`, claimedMs).catch(() => false));
    return ours ? ask(id, grant) : "refused";
  }

  async function ask(id: string, grant: Grant): Promise<Verdict> {
    const verdict = await probe(credentialOf(grant), deadlineOfItsOwn()).catch((): Verdict => "unknown");
    tell("express-aircall:probe", { verdict });
    // Where it cannot be written down now it holds for its minute here, and is then asked and written again.
    await note(id, grant, verdict).catch(() => undefined);
    return verdict;
  }

  async function note(id: string, grant: Grant, verdict: Verdict): Promise<void> {
    if (verdict === "unknown" || (verdict === "accepted") === (grant.state === "active")) return;
    const outcome = verdict === "accepted" ? accepted : ({ state: "suspended", refusedAt: new Date(now()) } as const);
    await store.withLock(id, async () => {
      const stored = await store.get(id);
      if (stored?.version !== grant.version) return;
      await store.replace(id, stored.version, { ...stored, ...outcome });
    });
  }

  return {
    check(id, grant) {
      const key = keyOf(id, grant);
      const known = verdicts.get(key);
      if (known) return known;
      const asked = askInTurn(key, id, grant);
      verdicts.set(key, asked, rememberedMs);
      return asked;
    },
    async close() {
      await Promise.all(Array.from(verdicts.entries(), ([, verdict]) => verdict));
    },
  };
}

/** A token, not a version: writing a verdict down must not ask for another. */
function keyOf(id: string, { accessToken }: Grant): string {
  return `${id}:${createHash("sha256").update(accessToken).digest("base64url")}`;
}

/** The answer is for everybody, so no single caller's deadline ends it. */
function deadlineOfItsOwn(): Deadline {
  const endsAt = performance.now() + probeTimeoutMs;
  return { signal: AbortSignal.timeout(probeTimeoutMs), remainingMs: () => Math.max(0, endsAt - performance.now()) };
}
