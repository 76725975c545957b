import { randomUUID } from "node:crypto";
import { startOf } from "../../data/ai-voice-queue";
import { tellAiVoiceCall } from "../../data/ai-voice-events";
import type { Tell } from "../../data/happening";
import type { Outbox } from "../../data/outbox";
import { Refusal } from "../answers";
import { named, type AddEndpoint } from "../endpoint";
import { required } from "../fields";
import { phoneNumber, record, text, wholeNumber } from "../kinds";

const body = {
  contact_phone: required(phoneNumber),
  idempotency_key: required(text()),
  context: record,
  expiration_seconds: wholeNumber({ min: 60, max: 86_400 }),
};

/** What the AI voice agents' routes are told of the simulator; `now` in UNIX milliseconds. */
interface Settings {
  readonly now: () => number;
  readonly aiVoiceCallsAtOnce: number;
  readonly outbox: Outbox;
  readonly tell: Tell;
}

export function addAiVoiceRoutes(endpoint: AddEndpoint, { now, aiVoiceCallsAtOnce, outbox, tell }: Settings): void {
  endpoint("POST /v1/outbound-calls/agents/:id", { needs: "aiVoiceAgents", body }, (ask) => {
    const { company, body } = ask;
    const agent = named(company.aiVoiceAgents, ask, { noun: "AI voice agent" });
    const { contact_phone: to, idempotency_key: key, context = {}, expiration_seconds = 3_600 } = body;
    if (company.usedIdempotencyKeys.has(key)) throw new Refusal(409, "idempotency_key was used before");
    company.usedIdempotencyKeys.add(key);

    const id = randomUUID();
    const at = now();
    const wanted = { companyId: company.id, to, at, expiresAt: at + expiration_seconds * 1000 };
    const startsAt = startOf(outbox.aiVoiceCalls, wanted, aiVoiceCallsAtOnce);
    outbox.aiVoiceCalls.push({ id, agentId: agent.id, idempotencyKey: key, context, ...wanted, startsAt });
    if (startsAt !== null) tellAiVoiceCall(company, { agent, to, startsAt }, tell);
    return { status: 202, body: { id, idempotency_key: key, status: "PENDING", virtual_agent_id: agent.id } };
  });
}
