import type { Response } from "express";
import type { GrantStore } from "../grants/store";
import { sha256 } from "./cookies";

const notedMs = 60_000;
const leavingMs = 2_000;

export interface Adding {
  readonly state: string;
  /** The states of the other sign-ins that this browser is at: known by its own sealed cookies, and by nobody else. */
  readonly others: readonly string[];
}

/**
 * Two companies that one browser adds at the same time begin with the same session, and each would leave it with one of
 * them. So `connect` runs for one after the other, and learns the ids of the grants that others have added by now.
 * `id` is the grant that is being added, `res` the answer that carries the session's cookie.
 */
export async function addBesideOthers(
  grants: GrantStore,
  { state, others }: Adding,
  { id, res }: { readonly id: string; readonly res: Response | undefined },
  connect: (siblings: readonly string[]) => Promise<void>,
): Promise<void> {
  if (others.length === 0) return connect(await addedBy(grants, state));
  const browser = sha256([state, ...others].sort().join(" "));

  await new Promise<void>((resolve, reject) => {
    const turn = grants.withLock(`adding:${browser}`, async () => {
      const siblings = await addedBy(grants, state);
      await connect(siblings);
      for (const other of others) await note(grants, other, [...siblings, id]);
      resolve();
      // The next one's answer must come after this: its session is the one that holds all.
      await hasLeft(res);
    });
    turn.catch(reject);
  });
}

/** Resolves when the answer has left, or takes too long. */
function hasLeft(res: Response | undefined): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, leavingMs).unref();
    res?.once("close", () => {
      clearTimeout(late);
      resolve();
    });
  });
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
