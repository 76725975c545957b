import type { Request } from "express";
import { boardOf } from "../board-of";
import { findCallers } from "../board/callers";
import { release, take, takeOf, type Take } from "../board/notes";
import { agentStates } from "../mirror/agents";
import type { Named } from "../mirror/mirrored-call";

interface Wanted {
  readonly number: string;
  /** Who is to call. */
  readonly agent: number;
  /** Also where somebody else has the caller. */
  readonly anyway: boolean;
}

interface Taking {
  /** Who is to call; null where the board does not know them. */
  readonly by: Named | null;
  /** Who has the caller already; null where nobody else has. */
  readonly holder: Take | null;
  /** Puts it back as it was. */
  undo(): Promise<void>;
}

/** Says on the board who is on a caller, for everybody to see. */
export async function takeFor(req: Request, { number, agent, anyway }: Wanted): Promise<Taking> {
  const { mirror, key } = boardOf(req);
  const caller = findCallers(mirror.calls(key)).find((one) => one.number === number);
  const by = agentStates(mirror, key).find(({ id }) => id === agent);
  const named = by ? { id: by.id, name: by.name } : null;
  const nothing = { by: named, holder: null, undo: () => Promise.resolve() };
  if (!caller || !named) return nothing;
  const before = takeOf(mirror, key, caller);
  const at = Math.floor(Date.now() / 1000);
  const holder = await take(mirror, key, caller, { by: named, at, anyway });
  if (holder.by.id !== named.id) return { ...nothing, holder };
  return { ...nothing, undo: () => (before ? Promise.resolve() : release(mirror, key, caller)) };
}
