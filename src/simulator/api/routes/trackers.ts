import type { Company } from "../../data/company";
import type { Call } from "../../data/entities";
import { isMatch, type Tracker } from "../../data/trackers";
import { ok, Refusal } from "../answers";
import { named, type AddEndpoint } from "../endpoint";
import type { Values } from "../fields";
import { text, word } from "../kinds";
import { commaDigits, digits } from "../query";

const needs = "conversationIntelligence";
const weekMs = 7 * 86_400_000;
/** Times in UNIX milliseconds, alone among Aircall's queries. */
const query = {
  start_time: digits(),
  end_time: digits(),
  direction: word("inbound", "outbound"),
  agent_ids: commaDigits,
  line_ids: commaDigits,
  next_token: text(),
  limit: digits({ min: 1, max: 50 }),
};

/** Pages of their own: a token leads to the next one. */
export function addTrackersRoutes(endpoint: AddEndpoint, { now }: { now: () => number }): void {
  endpoint("GET /v1/trackers", { needs }, ({ company: { trackers } }) => ok({ trackers }));

  endpoint("GET /v1/trackers/:id", { needs, query }, (ask) => {
    const tracker = named(ask.company.trackers, ask, { noun: "tracker" });
    const calls = matchesOf(tracker, ask.company, { end_time: now(), ...ask.query });
    const start = readToken(ask.query.next_token);
    const end = start + (ask.query.limit ?? 20);
    return ok({
      tracker,
      calls: calls.slice(start, end),
      meta: { next_token: end < calls.length ? tokenFor(end) : null },
    });
  });
}

function matchesOf(
  tracker: Tracker,
  { calls }: Company,
  asked: Values<typeof query> & { end_time: number },
): readonly object[] {
  const { end_time, start_time = end_time - weekMs, direction, agent_ids, line_ids } = asked;
  const wanted = (call: Call) =>
    isMatch(tracker, call) &&
    call.started_at * 1000 >= start_time &&
    call.started_at * 1000 <= end_time &&
    (direction === undefined || call.direction === direction) &&
    (agent_ids === undefined || agent_ids.includes(call.user?.id ?? 0)) &&
    (line_ids === undefined || line_ids.includes(call.number.id));
  return calls.filter(wanted).map(({ id, sid, direction, started_at }) => ({ id, sid, direction, started_at }));
}

function tokenFor(position: number): string {
  return Buffer.from(`from ${position}`).toString("base64url");
}

function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, position] = /^from (\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (position === undefined) throw new Refusal(400, "next_token is not one that was given out");
  return Number(position);
}
