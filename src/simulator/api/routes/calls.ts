import type { Call } from "../../data/entities";
import type { Tell } from "../../data/happening";
import type { KnownCalls } from "../../data/calls/known-calls";
import { happenIn } from "../../data/later";
import { onlyDigits } from "../../data/phone-digits";
import type { DeletionSeconds } from "../../habits";
import { ok, Refusal, type Answer } from "../answers";
import type { AssetAddresses } from "../asset-addresses";
import { named, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { listOf, phoneNumber, text, wholeNumber, word } from "../kinds";
import { sendPage } from "../paginate";
import { presentCall } from "../present-call";
import { datedQuery, digits, flagText, manyDigits } from "../query";

const commentsPerCall = 5;
const detailQuery = {
  fetch_contact: flagText,
  fetch_short_urls: flagText,
  fetch_call_timeline: flagText,
  fetch_aiva_conv: flagText,
};
const listQuery = { ...datedQuery, ...detailQuery };
const searchQuery = {
  ...listQuery,
  direction: word("inbound", "outbound"),
  user_id: digits(),
  phone_number: phoneNumber,
  "tags[]": manyDigits,
};

const createdEmpty: Answer = { status: 201 };

/** What the calls' routes are told of the simulator; `now` in UNIX milliseconds. */
interface Settings {
  readonly now: () => number;
  readonly resultCap: number;
  readonly assets: AssetAddresses;
  readonly known: KnownCalls;
  readonly deletionSeconds: DeletionSeconds;
  readonly tell: Tell;
}

export function addCallsRoutes(endpoint: AddEndpoint, settings: Settings): void {
  const { now, resultCap, deletionSeconds, tell } = settings;

  endpoint("GET /v1/calls", { query: listQuery }, (ask) => sendCalls(ask));

  endpoint("GET /v1/calls/search", { query: searchQuery }, (ask) => {
    const { direction, user_id, phone_number, "tags[]": tags = [] } = ask.query;
    const party = phone_number === undefined ? undefined : onlyDigits(phone_number);
    const matches = (call: Call) =>
      (direction === undefined || call.direction === direction) &&
      (user_id === undefined || call.user?.id === user_id) &&
      (party === undefined || onlyDigits(call.raw_digits) === party) &&
      tags.every((id) => call.tags.some((tag) => tag.id === id));
    sendCalls(ask, matches);
  });

  endpoint("GET /v1/calls/:id", { query: detailQuery }, (ask) =>
    ok({ call: presentCall(callOf(ask), ask.req, settings) }),
  );

  endpoint("POST /v1/calls/:id/comments", { body: { content: required(text()) } }, (ask) => {
    const call = callOf(ask);
    const content = withoutEmoji(ask.body.content);
    if (!content) throw new Refusal(400, "content must have text beside its emoji");
    if (call.comments.length >= commentsPerCall) throw new Refusal(400, "A call has at most 5 notes");

    const id = call.id * 10 + call.comments.length + 1;
    call.comments.push({ id, content, posted_at: Math.floor(now() / 1000), posted_by: null });
    tell(ask.company, { event: "call.commented", call });
    return createdEmpty;
  });

  endpoint("POST /v1/calls/:id/tags", { body: { tags: required(listOf(wholeNumber(), { min: 1 })) } }, (ask) => {
    const call = callOf(ask);
    const chosen = ask.company.tags.filter(({ id }) => ask.body.tags.includes(id));
    const unknown = ask.body.tags.find((id) => chosen.every((tag) => tag.id !== id));
    if (unknown !== undefined) throw new Refusal(400, "tags must be ids of the company's tags");

    const added = chosen.filter(({ id }) => call.tags.every((tag) => tag.id !== id));
    call.tags = [...call.tags, ...added.map(({ id, name }) => ({ id, name }))];
    if (added.length > 0) tell(ask.company, { event: "call.tagged", call });
    return createdEmpty;
  });

  for (const archived of [true, false]) {
    endpoint(`PUT /v1/calls/:id/${archived ? "archive" : "unarchive"}`, {}, (ask) => {
      const call = Object.assign(callOf(ask), { archived });
      if (archived) tell(ask.company, { event: "call.archived", call });
      return ok({ call: presentCall(call, ask.req, settings) });
    });
  }

  // The Conversation Intelligence of a recording goes with it.
  for (const sound of ["recording", "voicemail"] as const) {
    endpoint(`DELETE /v1/calls/:id/${sound}`, {}, (ask) => {
      const call = callOf(ask);
      happenIn(ask.company, { seconds: deletionSeconds[sound], now: now() }, () => {
        call[sound] = null;
        call.asset = call.recording === null && call.voicemail === null ? null : call.asset;
      });
      return { status: 200 };
    });
  }

  function sendCalls({ req, res, company }: Pick<Ask, "req" | "res" | "company">, matches?: (call: Call) => boolean) {
    sendPage(req, res, {
      key: "calls",
      items: company.calls,
      createdAt: (call) => call.started_at,
      ...(matches && { matches }),
      present: (call) => presentCall(call, req, settings),
      cap: resultCap,
    });
  }
}

/** The call that the path names. @throws {Refusal} 404 */
export function callOf(ask: Pick<Ask, "req" | "company">): Call {
  return named(ask.company.calls, ask, { noun: "call" });
}

function withoutEmoji(content: string): string {
  return content.replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}\u{200D}]/gu, "").trim();
}
