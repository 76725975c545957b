import type { Request, Response } from "express";
import type { Call } from "express-aircall";
import { boardOf } from "../board-of";
import { meOf } from "../board/me";
import type { Take } from "../board/notes";
import { writeDuration } from "../glance/duration";
import { agentStates } from "../mirror/agents";
import { inE164 } from "../mirror/mirrored-call";
import { createClock, nameOf, type Clock } from "../words";
import { outcomeOf, wordsOf } from "./call-words";
import { longestComment, mostComments } from "./comment-text";
import { draftOf } from "./draft";
import { historyDays, readCall, readHistory } from "./history";
import { readInsights } from "./insights";
import { holderOf } from "./take-for";

/** What became of a form. */
export interface Shown {
  readonly status?: number;
  readonly dialFault?: string;
  readonly commentFault?: string;
  /** Who has the caller already, as somebody was to be sent the number: a second click sends it all the same. */
  readonly holder?: Take;
  /** Who that was to be. */
  readonly agent?: number;
  /** A comment that was not saved. */
  readonly draft?: string;
}

const tagsCacheMs = 60_000;

/** Everything between a caller and the company: one search at Aircall, and one request for each thing that is opened. */
export async function showCaller(req: Request<{ id: string }>, res: Response, shown: Shown = {}): Promise<void> {
  const { status = 200, dialFault = null, commentFault = null, draft } = shown;
  const id = Number(req.params.id);
  const { mirror, key } = boardOf(req);
  const open = req.query["open"];
  const number = await numberOfCall(req, id);
  const mirrored = mirror.calls(key).filter((call) => number !== null && call.number === number);
  const [{ calls, cut }, insights, tags] = await Promise.all([
    readHistory(id, number, { client: boardOf(req).client, now: Date.now(), mirrored }),
    open === "insights" ? readInsights(boardOf(req).client, id) : null,
    open === "tags" ? boardOf(req).client.tags.list({ per_page: 50 }, { cacheMs: tagsCacheMs }) : null,
  ]);
  const call = calls.find((each) => each.id === id) as Call;
  const name = calls.map(nameOf).find(Boolean) ?? mirror.call(key, id)?.name ?? null;

  res.status(status).render("caller", {
    ...{ call, calls, cut, number, name, insights, tags: tags?.items ?? null },
    agents: agentStates(mirror, key),
    // Who looks comes first, then whom they chose last.
    agent: shown.agent ?? meOf(req)?.id ?? req.session.lastAgent?.id ?? null,
    ...{ warned: shown.holder !== undefined, holder: shown.holder ?? holderOf(req, number) },
    ...{ dialFault, commentFault, draft: draft ?? draftOf(req, id) },
    ...{ wordsOf, outcomeOf, writeDuration, clockOf: clocks() },
    ...{ mostComments, longestComment, historyDays },
  });
}

/** Costs nothing where the mirror has the call. */
async function numberOfCall(req: Request, id: number): Promise<string | null> {
  const { mirror, key } = boardOf(req);
  const mirrored = mirror.call(key, id);
  return mirrored ? mirrored.number : inE164((await readCall(boardOf(req).client, id)).raw_digits);
}

/** The clock of each call's own line. */
function clocks(): (call: Call) => Clock {
  const known = new Map<string | undefined, Clock>();
  return function clockOf(call) {
    const zone = call.number?.time_zone ?? undefined;
    const clock = known.get(zone) ?? createClock([call]);
    known.set(zone, clock);
    return clock;
  };
}
