import type { Request, Response } from "express";
import type { Call } from "express-aircall";
import { boardOf } from "../board-of";
import { clockAt } from "../board/clock";
import type { Take } from "../board/notes";
import { writeDuration } from "../glance/duration";
import { nameOf } from "../words";
import { callBackModel } from "./call-back";
import { outcomeOf, wordsOf } from "./call-words";
import { callerState, digestOfState } from "./caller-state";
import { longestComment, mostComments } from "./comment-text";
import { draftOf } from "./draft";
import { historyDays, numberOfCall, readHistory } from "./history";
import { readInsights } from "./insights";

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
  const board = boardOf(req);
  const id = Number(req.params.id);
  const open = openedIn(req);
  const number = await numberOfCall(board, id);
  // Before Aircall is asked: what happens meanwhile is told to the page when it listens.
  const known = callerState(board, { id, number });
  const [{ calls, cut }, insights, tags] = await Promise.all([
    readHistory(id, number, {
      client: board.client,
      now: Date.now(),
      mirrored: known.calls,
      ...(open === "older" && { reach: open }),
    }),
    open === "insights" ? readInsights(board.client, id) : null,
    open === "tags" ? board.client.tags.list({ per_page: 50 }, { cacheMs: tagsCacheMs }) : null,
  ]);
  const call = calls.find((each) => each.id === id) as Call;
  const zone = call.number?.time_zone ?? null;
  const name = calls.map(nameOf).find(Boolean) ?? board.mirror.call(board.key, id)?.name ?? null;
  const holder = shown.holder ?? known.holder;

  res.status(status).render("caller", {
    ...callBackModel(req, { ...known, holder }, { id, number, zone, agent: shown.agent }),
    ...{ call, calls, cut, name, open, insights, tags: tags?.items ?? null },
    toldBy: board.company.toldBy,
    ...{ digest: digestOfState(known), asOf: clockAt(zone).time(Date.now() / 1000) },
    ...{ warned: shown.holder !== undefined, dialFault, commentFault, draft: draft ?? draftOf(req, id) },
    ...{ wordsOf, outcomeOf, writeDuration, clockOf: (one: Call) => clockAt(one.number?.time_zone ?? null) },
    ...{ mostComments, longestComment, historyDays },
  });
}

const openings = ["insights", "tags", "older"] as const;

/** What is shown beyond what is shown at first. */
function openedIn({ query }: Request<{ id: string }>): (typeof openings)[number] | null {
  return openings.find((opening) => opening === query["open"]) ?? null;
}
