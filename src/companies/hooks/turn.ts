import type { Request } from "express";
import { apartFromRequest } from "../../time/store-time";
import { Context } from "../../time/context";
import { atMost } from "../../time/within";

/** The longest that a request waits for what is told of it. */
const patienceMs = 5_000;

type Telling = (req: Request | null) => Promise<unknown>;

interface Turn {
  /** What is to be told once the work is done; null from then on. */
  waiting: Telling[] | null;
}

const turns = new Context<Turn>();

/**
 * Runs work that connects a company, then tells listeners what came of it, with this request, and waits for them, five
 * seconds at most. Where the work failed, nobody waits for them.
 */
export async function tellingAfter<T>(req: Request | null, work: () => Promise<T>): Promise<T> {
  const turn: Turn = { waiting: [] };
  const begin = () => {
    const waiting = turn.waiting ?? [];
    turn.waiting = null;
    return Promise.all(waiting.map((telling) => alone(() => telling(req))));
  };
  try {
    const answer = await turns.run(turn, work);
    await atMost(patienceMs, begin());
    return answer;
  } finally {
    begin().catch(() => undefined);
  }
}

/** Tells once the surrounding `tellingAfter` has done its work; outside of one at once, and nobody waits for it. */
export function tellInTurn(telling: Telling): void {
  const { waiting } = turns.current ?? {};
  if (waiting) waiting.push(telling);
  else alone(() => telling(null)).catch(() => undefined);
}

/** Outside of this request's context: what the app does as it is told is no part of it. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return turns.without(() => apartFromRequest(work));
}
