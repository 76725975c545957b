import type { EventJson } from "./event";

/** What has come of an event by the time that whoever sent it has to be answered. */
export type Taken =
  | "handled"
  /** It was before. */
  | "repeated"
  /** It will be: its handler is at work, or a queue has it. */
  | "accepted"
  /** Its handler failed, for good. */
  | "failed"
  /** It is to be sent again: elsewhere it is being handled, here it cannot be, or has failed for now. */
  | "busy";

/** Sees to it that every event is handled, once. */
export interface Engine {
  /** Takes an event whose token was right. Answers within the time that Aircall waits; never rejects. */
  take(event: EventJson): Promise<Taken>;
  /** Handles an event that a queue has kept, and waits for it. Rejects with what its handler rejected with. */
  handle(event: EventJson): Promise<void>;
  stats(): Promise<EventStats>;
  failed(): AsyncGenerator<FailedEvent, void>;
  retry(id: string): Promise<boolean>;
  discard(id: string): Promise<boolean>;
  /** Takes nothing more, and waits for what is in hand. */
  close(): Promise<void>;
}

export interface EventStats {
  /** Events that no handler has begun with. */
  readonly waiting: number;
  readonly running: number;
  /** Since the start, in this process. */
  readonly failed: number;
  /** Since the start, in this process. */
  readonly handled: number;
  /** Of the event that waits longest; 0 where none does. */
  readonly oldestWaitingMs: number;
}

/** An event that its handler has failed with for good. */
export interface FailedEvent {
  /** The event's. */
  readonly id: string;
  readonly event: EventJson;
  readonly attempts: number;
  /** Name and message of what the handler failed with; phone numbers are masked. */
  readonly error: string;
  readonly failedAt: Date;
}
