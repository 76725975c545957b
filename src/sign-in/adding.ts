import type { Response } from "express";
import type { GrantStore } from "../grants/store";
import { sleep } from "../time/sleep";
import { sha256 } from "../config/sha256";

const notedMs = 60_000;
const leavingMs = 2_000;

export interface Adding {
  readonly state: string;
  /** The states of the other sign-ins that this browser is at: known by its own sealed cookies, and by nobody else. */
  readonly others: readonly string[];
  /** Of the grant that is being added. */
  readonly id: string;
  /** The answer that carries the session's cookie. */
  readonly res: Response | undefined;
}

/**
 * Two companies that one browser adds at the same time begin with the same session, and each would leave it with one of
 * them. So `connect` runs for one after the other, and learns the ids of the grants that others have added by now.
 */
export async function addBesideOthers(
  grants: GrantStore,
  { state, others, id, res }: Adding,
  connect: (siblings: readonly string[]) => Promise<void>,
): Promise<void> {
  if (others.length === 0) return connect(await addedBy(grants, state));
  const browser = sha256([state, ...others].sort().join(" "));

  await new Promise<void>((resolve, reject) => {
    const locked = grants.withLock(`adding:${browser}`, async () => {
      const siblings = await addedBy(grants, state);
      await connect(siblings);
      for (const other of others) await note(grants, other, [...siblings, id]);
      resolve();
      // The next response must come after this one: its session is the one that holds all.
      await hasLeft(res);
    });
    locked.catch(reject);
  });
}

/** Resolves when the answer has left, or takes too long. */
function hasLeft(res: Response | undefined): Promise<void> {
  const left = new AbortController();
  res?.once("close", () => left.abort());
  return sleep(leavingMs, { signal: left.signal, ref: false }).catch(() => undefined);
}

/** Left for the sign-in with this state, by those of its browser that came first. */
async function addedBy(grants: GrantStore, state: string): Promise<readonly string[]> {
  const noted = await grants.outcome(keyOf(state));
  return noted && "grantId" in noted ? noted.grantId.split(" ") : [];
}

async function note(grants: GrantStore, state: string, ids: readonly string[]): Promise<void> {
  const all = new Set([...(await addedBy(grants, state)), ...ids]);
  await grants.settle(keyOf(state), { grantId: [...all].join(" ") }, notedMs);
}

function keyOf(state: string): string {
  return `added:${sha256(state)}`;
}
