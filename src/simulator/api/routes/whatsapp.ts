import type { Tell } from "../../data/happening";
import type { Outbox } from "../../data/outbox";
import { ok, Refusal } from "../answers";
import { found, named, type AddEndpoint, type Ask } from "../endpoint";
import { required, type Values } from "../fields";
import { id, listOf, object, phoneNumber, record, text, webAddress, word } from "../kinds";
import { answerOne, requireNative } from "./messages";
import { digits } from "../query";

const needs = "whatsapp";
const lineId = required(id);
const content = {
  text: text({ max: 4_096 }),
  templateParams: object({
    id: required(text()),
    body: listOf(object({ key: required(text()), value: required(text()) })),
    header: record,
  }),
};
const apiFields = { lineId, to: required(phoneNumber), ...content, mediaUrl: listOf(webAddress) };
const nativeFields = { lineId, externalNumber: required(phoneNumber), ...content, agentId: id, user_id: id };
const templatesQuery = {
  status: text(),
  category: word("UTILITY", "MARKETING", "AUTHENTICATION"),
  token: digits(),
  limit: digits({ min: 1 }),
  sort: word("asc", "desc"),
};

type Sent = Values<typeof content> & { lineId: number; to: string; mediaUrl: readonly string[] };

/** WhatsApp, on the one number that is connected to it. */
export function addWhatsAppRoutes(
  endpoint: AddEndpoint,
  { now, outbox: { messages }, tell }: { now: () => number; outbox: Outbox; tell: Tell },
): void {
  endpoint("POST /v1/messages/whatsapp/send", { needs, body: apiFields }, ({ company, body }) => {
    return ok(keep(company, { mediaUrl: [], ...body }, { mode: "api", agentId: null }));
  });

  endpoint("POST /v1/messages/send/whatsapp/native", { needs, body: nativeFields }, ({ company, body }) => {
    const { externalNumber: to, agentId, user_id, ...rest } = body;
    requireNative(company, lineOf(company, rest.lineId));
    return ok(keep(company, { ...rest, to, mediaUrl: [] }, { mode: "native", agentId: agentId ?? user_id ?? null }));
  });

  endpoint("GET /v1/numbers/:id/whatsapp_status", { needs }, (ask) => {
    const number = named(ask.company.numbers, ask, { noun: "number" });
    return ok(statusOf(ask.company.messaging.whatsApp, number.id));
  });

  endpoint("GET /v1/numbers/:id/templates", { needs, query: templatesQuery }, (ask) => {
    const number = named(ask.company.numbers, ask, { noun: "number" });
    return ok(pageOfTemplates(number.id, ask));
  });

  function keep(company: Ask["company"], sent: Sent, how: { mode: "api" | "native"; agentId: number | null }): object {
    const number = lineOf(company, sent.lineId);
    requireContent(sent);
    const message = {
      ...how,
      channel: "whatsapp",
      companyId: company.id,
      numberId: number.id,
      to: [sent.to],
      body: sent.text ?? null,
      mediaUrl: sent.mediaUrl,
      templateId: sent.templateParams?.id ?? null,
      at: now(),
    } as const;
    messages.push(message);
    return answerOne(number, message, { company, tell });
  }
}

function lineOf({ numbers, messaging: { whatsApp } }: Ask["company"], lineId: number) {
  const number = found(
    numbers.find(({ id }) => id === lineId),
    "number",
  );
  if (number.id === whatsApp.lineId) return number;
  throw new Refusal(400, "lineId must be a number that is connected to WhatsApp");
}

function requireContent({ text, templateParams, mediaUrl }: Sent): void {
  const given = [text, templateParams].filter((part) => part !== undefined);
  const good = given.length === 1 || (given.length === 0 && mediaUrl.length > 0);
  if (!good) throw new Refusal(400, "Exactly one of text and templateParams is wanted");
}

/** Aircall has not published the words; these are ours. */
function statusOf({ lineId, wabaId }: { lineId: number; wabaId: string }, numberId: number): object {
  const connected = lineId === numberId;
  return {
    wabaId: connected ? wabaId : null,
    status: connected ? "CONNECTED" : "NOT_CONNECTED",
    canSendMessage: connected,
    messagingLimitTier: connected ? "TIER_1K" : null,
    qualityRating: connected ? "GREEN" : null,
    businessVerificationStatus: connected ? "verified" : null,
  };
}

/** Pages of their own: a token leads to the next one. */
function pageOfTemplates(numberId: number, { company, query }: Ask<typeof templatesQuery>): object {
  const { status, category, token = 0, limit = 20, sort = "asc" } = query;
  const { lineId, templates } = company.messaging.whatsApp;
  const wanted = templates.filter(
    (template) =>
      lineId === numberId &&
      (status === undefined || template.status === status) &&
      (category === undefined || template.category === category),
  );
  const sorted = sort === "asc" ? wanted : wanted.toReversed();
  const end = token + limit;
  const pageInfo = {
    currentToken: token,
    nextToken: end < sorted.length ? end : null,
    totalCount: sorted.length,
  };
  return { templates: sorted.slice(token, end), pageInfo };
}
