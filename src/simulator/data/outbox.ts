/** Something a user was asked to dial. */
export interface Dial {
  /** `dial` fills in the dialer; `call` starts the call at once. */
  readonly kind: "dial" | "call";
  readonly companyId: number;
  readonly userId: number;
  /** E.164. */
  readonly to: string;
  /** The Aircall number to call from; null for `dial`. */
  readonly numberId: number | null;
  /** UNIX milliseconds. */
  readonly at: number;
}

/** A message that was accepted. Aircall has no address to read messages from, so this is where to see them. */
export interface OutgoingMessage {
  readonly channel: "sms" | "whatsapp";
  /** `native` shows up in the agents' apps, `api` does not. */
  readonly mode: "native" | "api";
  readonly companyId: number;
  readonly numberId: number;
  /** E.164; several for a group. */
  readonly to: readonly string[];
  /** Null when there was only a template or media. */
  readonly body: string | null;
  readonly mediaUrl: readonly string[];
  readonly templateId: string | null;
  readonly agentId: number | null;
  /** UNIX milliseconds. */
  readonly at: number;
}

/** What was put before the agent of a running call; Aircall's API does not show it again. */
export interface InsightCard {
  readonly companyId: number;
  readonly callId: number;
  readonly contents: readonly Readonly<Record<string, unknown>>[];
  /** UNIX milliseconds. */
  readonly at: number;
}

/** A call that an AI voice agent was told to make. */
export interface AiVoiceCall {
  readonly id: string;
  readonly companyId: number;
  readonly agentId: string;
  /** E.164. */
  readonly to: string;
  readonly idempotencyKey: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** UNIX milliseconds. */
  readonly at: number;
  /** By now: a call that waits too long for its turn has failed. */
  readonly status: "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED";
}

/** An AI voice call, with what its status follows from at any moment. */
export interface QueuedAiVoiceCall extends Omit<AiVoiceCall, "status"> {
  /** UNIX milliseconds, as `expiresAt`; null when its turn would come too late. */
  readonly startsAt: number | null;
  readonly expiresAt: number;
}

/** What left for the world outside, oldest first. */
export interface Outbox {
  readonly dials: Dial[];
  readonly messages: OutgoingMessage[];
  readonly insightCards: InsightCard[];
  readonly aiVoiceCalls: QueuedAiVoiceCall[];
}

export function createOutbox(): Outbox {
  return { dials: [], messages: [], insightCards: [], aiVoiceCalls: [] };
}
