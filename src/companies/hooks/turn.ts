import type { Request } from "express";
import { apartFromRequest } from "../../time/store-time";
import { Context } from "../../time/context";
import { atMost } from "../../time/within";

/** The longest that a request waits for what is told of it. */
const patienceMs = 5_000;

type Telling = (req: Request | null) => Promise<unknown>;

interface Turn {
  /** What is to be told when its work is done; null when that is over. */
  waiting: Telling[] | null;
}

const turns = new Context<Turn>();

/**
 * Runs what connects a company, then has told what came of it, with this request, and waits five seconds for that. What
 * is told of work that failed, nobody waits for.
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

/** Tells when the work is done of which this is a part; without such work now, and nobody waits for it. */
export function tellInTurn(telling: Telling): void {
  const { waiting } = turns.current ?? {};
  if (waiting) waiting.push(telling);
  else alone(() => telling(null)).catch(() => undefined);
}

/** What the app does as it is told is no part of this request's work. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return turns.without(() => apartFromRequest(work));
}
