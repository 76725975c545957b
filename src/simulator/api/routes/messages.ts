import { randomUUID } from "node:crypto";
import type { PhoneNumber } from "../../data/entities";
import type { Company } from "../../data/company";
import type { Tell } from "../../data/happening";
import { groupMessageOf, messageOf } from "../../data/messages";
import type { Outbox, OutgoingMessage } from "../../data/outbox";
import { onlyDigits } from "../../data/phone-digits";
import { ok, Refusal } from "../answers";
import { named, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { id, listOf, phoneNumber, text, webAddress } from "../kinds";

const needs = "messages";
const participantsPerGroup = 9;
const body = text({ max: 1_600 });
const mediaUrl = listOf(webAddress);
const to = required(phoneNumber);
const participants = required(listOf(phoneNumber, { min: 1, max: participantsPerGroup }));
// Which of the two names the sender is not settled among those who have described it.
const sender = { agentId: id, user_id: id };

type Content = Pick<OutgoingMessage, "mode" | "to" | "body" | "mediaUrl" | "agentId">;

/** Text messages: `native` in the agents' own conversations, or past them on a number that was configured for it. */
export function addMessagesRoutes(
  endpoint: AddEndpoint,
  { now, outbox: { messages }, tell }: { now: () => number; outbox: Outbox; tell: Tell },
): void {
  endpoint("POST /v1/numbers/:id/messages/send", { needs, body: { to, body, mediaUrl } }, (ask) => {
    const number = configuredNumberOf(ask);
    const sent = keep(number, ask.company.id, apiContent([ask.body.to], ask.body));
    return ok(answerOne(number, sent, { company: ask.company, tell }));
  });

  endpoint("POST /v1/numbers/:id/messages/group/send", { needs, body: { participants, body, mediaUrl } }, (ask) => {
    const number = configuredNumberOf(ask);
    const sent = keep(number, ask.company.id, apiContent(ask.body.participants, ask.body));
    return ok(answerGroup(number, sent, { company: ask.company, tell }));
  });

  const nativeFields = { body: required(body), ...sender };
  endpoint("POST /v1/numbers/:id/messages/native/send", { needs, body: { to, ...nativeFields } }, (ask) => {
    const number = nativeNumberOf(ask);
    const sent = keep(number, ask.company.id, nativeContent([ask.body.to], ask.body));
    return ok(answerOne(number, sent, { company: ask.company, tell }));
  });

  const groupFields = { participants, ...nativeFields };
  endpoint("POST /v1/numbers/:id/messages/group/native/send", { needs, body: groupFields }, (ask) => {
    const number = nativeNumberOf(ask);
    const sent = keep(number, ask.company.id, nativeContent(ask.body.participants, ask.body));
    return ok(answerGroup(number, sent, { company: ask.company, tell }));
  });

  function keep(number: PhoneNumber, companyId: number, content: Content): OutgoingMessage {
    const message = {
      channel: "sms",
      companyId,
      numberId: number.id,
      templateId: null,
      ...content,
      at: now(),
    } as const;
    if (content.to.some((recipient) => onlyDigits(recipient) === onlyDigits(number.digits))) {
      throw new Refusal(400, "A message cannot go to the number it comes from", { key: "SameDestinationAsSender" });
    }
    messages.push(message);
    return message;
  }
}

/** @throws {Refusal} 403 when the number has a messaging configuration: it has left native mode. */
export function requireNative({ messaging }: Ask["company"], { id }: PhoneNumber): void {
  if (!messaging.configurations.has(id)) return;
  const key = "LineIsNotNativeException";
  throw new Refusal(403, `${key}: the number has a messaging configuration`, { key });
}

/** Who hears of what was sent. */
interface Hearing {
  readonly company: Company;
  readonly tell: Tell;
}

/** What Aircall answers to one message; it arrives at once. */
export function answerOne(line: PhoneNumber, message: OutgoingMessage, { company, tell }: Hearing): object {
  const { users: _, messages: __, ...sender } = line;
  const messageId = randomUUID();
  const [digits = ""] = message.to;
  const facts = { ...message, id: messageId, direction: "outbound", digits } as const;
  tell(company, { event: "message.sent", message: messageOf(company, line, { ...facts, status: "sent" }), line });
  const arrived = messageOf(company, line, { ...facts, status: "delivered" });
  tell(company, { event: "message.status_updated", message: arrived, line });
  return {
    id: messageId,
    direct_link: `/v1/messages/${messageId}`,
    raw_digits: message.to.map(onlyDigits).join(),
    ...sentFacts(message),
    number: sender,
  };
}

function answerGroup(line: PhoneNumber, message: OutgoingMessage, { company, tell }: Hearing): object {
  const { to: participants, body, mediaUrl, at } = message;
  const [id, conversationId] = [randomUUID(), randomUUID()];
  const facts = { id, conversationId, participants, body, mediaUrl, at, direction: "outbound" } as const;
  tell(company, { event: "group_message.sent", message: groupMessageOf(line, { ...facts, status: "sent" }), line });
  const arrived = groupMessageOf(line, { ...facts, status: "delivered" });
  tell(company, { event: "group_message.status_updated", message: arrived, line });
  return {
    group_message_id: id,
    group_conversation_id: conversationId,
    participants: message.to.map(onlyDigits),
    ...sentFacts(message),
  };
}

function sentFacts({ body, mediaUrl, at }: OutgoingMessage): object {
  const times = { created_at: at, sent_at: null, updated_at: at };
  return { status: "pending", direction: "outbound", body, media_url: mediaUrl, ...times };
}

function numberOf(ask: Pick<Ask, "req" | "company">): PhoneNumber {
  return named(ask.company.numbers, ask, { noun: "number" });
}

function configuredNumberOf(ask: Pick<Ask, "req" | "company">): PhoneNumber {
  const number = numberOf(ask);
  if (ask.company.messaging.configurations.has(number.id)) return number;
  throw new Refusal(403, "The number has no messaging configuration");
}

function nativeNumberOf(ask: Pick<Ask, "req" | "company">): PhoneNumber {
  const number = numberOf(ask);
  requireNative(ask.company, number);
  return number;
}

function apiContent(to: readonly string[], sent: { body?: string; mediaUrl?: readonly string[] }): Content {
  const { body = null, mediaUrl = [] } = sent;
  if (body === null && mediaUrl.length === 0) {
    throw new Refusal(400, "One of body and mediaUrl is wanted");
  }
  return { mode: "api", to, body, mediaUrl, agentId: null };
}

function nativeContent(
  to: readonly string[],
  { body, agentId, user_id }: { body: string; agentId?: number; user_id?: number },
): Content {
  return { mode: "native", to, body, mediaUrl: [], agentId: agentId ?? user_id ?? null };
}
