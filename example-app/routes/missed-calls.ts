import type { RequestHandler } from "express";
import type { Call } from "express-aircall";
import { findCallers, isWaiting, type Caller } from "../callers";
import { createClock, nameOf, reasonOf, type Clock } from "../words";

const weekMs = 7 * 86_400_000;

/** The board: who rang during the last seven days and waits for a call back; with `?show=all` everyone who was missed. */
export const missedCallsPage: RequestHandler = async function missedCallsPage(req, res) {
  const to = new Date();
  const from = new Date(to.getTime() - weekMs);
  const calls: Call[] = [];
  for await (const call of req.aircall.calls.iterate({ from, to, fetch_contact: true }, { lane: "interactive" }))
    calls.push(call);

  const callers = findCallers(calls);
  const waiting = callers.filter(isWaiting);
  const showAll = req.query["show"] === "all";
  const clock = createClock(calls);
  res.render("missed-calls", {
    days: groupByDay(showAll ? callers : waiting, clock),
    counts: { waiting: waiting.length, all: callers.length },
    showAll,
    clock,
    isWaiting,
    nameOf,
    reasonOf,
  });
};

function groupByDay(callers: readonly Caller[], clock: Clock): { day: string; callers: Caller[] }[] {
  const days: { day: string; callers: Caller[] }[] = [];
  for (const caller of callers) {
    const day = clock.day(caller.missed[0].started_at);
    const current = days.at(-1);
    if (current?.day === day) current.callers.push(caller);
    else days.push({ day, callers: [caller] });
  }
  return days;
}
