import { randomUUID } from "node:crypto";
import type { Outbox } from "../data/outbox";
import { Refusal } from "./answers";
import { named, type AddEndpoint } from "./endpoint";
import { required } from "./fields";
import { phoneNumber, record, text, wholeNumber } from "./kinds";

const body = {
  contact_phone: required(phoneNumber),
  idempotency_key: required(text()),
  context: record,
  expiration_seconds: wholeNumber({ min: 60, max: 86_400 }),
};

export function addAiVoiceRoutes(endpoint: AddEndpoint, { now, outbox }: { now: () => number; outbox: Outbox }): void {
  endpoint("POST /v1/outbound-calls/agents/:id", { needs: "aiVoiceAgents", body }, (ask) => {
    const { company, body } = ask;
    const agent = named(company.aiVoiceAgents, ask, { noun: "AI voice agent" });
    const { contact_phone: to, idempotency_key: key, context = {} } = body;
    if (company.usedIdempotencyKeys.has(key)) throw new Refusal(409, "idempotency_key was used before");
    company.usedIdempotencyKeys.add(key);

    const id = randomUUID();
    outbox.aiVoiceCalls.push({
      id,
      companyId: company.id,
      agentId: agent.id,
      to,
      idempotencyKey: key,
      context,
      at: now(),
    });
    return { status: 202, body: { id, idempotency_key: key, status: "PENDING", virtual_agent_id: agent.id } };
  });
}
