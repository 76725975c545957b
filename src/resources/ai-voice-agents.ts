import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { route } from "../http/route";
import type { Open } from "./wire";

/** A call that an AI voice agent is to make. */
export interface AgentCallRequest {
  /** The number to call, E.164. */
  contact_phone: string;
  /** Another one for every request, even after a failure. */
  idempotency_key: string;
  /** A value for every `{{variable}}` of the agent's messages; moments in UTC need a time zone beside them. */
  context?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds until the call is given up, 60 to 86,400; 3,600 by default. */
  expiration_seconds?: number | undefined;
}

/** A call in the queue. */
export interface OutboundCallRequest {
  id: string;
  idempotency_key: string;
  status: Open<"PENDING" | "INITIATED" | "IN_PROGRESS" | "COMPLETED" | "FAILED">;
  virtual_agent_id: string;
}

/** Agents that are programs. @see https://developers.aircall.io/api-references/ */
export const aiVoiceAgents = (http: Api) => ({
  /**
   * Queues a call by an agent; a company has five at a time, and one per number. Never sent twice.
   * @throws {ApiError} 409 `conflict` when the `idempotency_key` was used before.
   */
  startCall: (agentId: string, request: AgentCallRequest, options?: CallOptions) =>
    http.send<OutboundCallRequest>(route`POST /v1/outbound-calls/agents/${agentId}`, null, options, request),
});
