import type { EventJson } from "./event";

/** What has come of an event by the time that whoever sent it has to be answered. */
export type Taken =
  | "handled"
  /** It was handled before. */
  | "repeated"
  /** It will be handled: its handler is at work, or a queue has it. */
  | "accepted"
  /** Its handler failed, for good. */
  | "failed"
  /** Aircall is to send it again: another process is handling it, this one cannot, or its handler failed for now. */
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

/** Counts of events in hand: by process, or with `queue` for all that share it, but for `handled`. */
export interface EventStats {
  /** Events that no handler has begun with. */
  readonly waiting: number;
  /** Events whose handlers are at work. */
  readonly running: number;
  /** Events that failed for good: in this process since its start, or with `queue` all that it keeps. */
  readonly failed: number;
  /** Events handled in this process since its start. */
  readonly handled: number;
  /** Milliseconds that the event which waits longest has waited; 0 where none waits. */
  readonly oldestWaitingMs: number;
}

/** An event that its handler has failed with for good. */
export interface FailedEvent {
  /** That of the event: what `retry` and `discard` take. */
  readonly id: string;
  readonly event: EventJson;
  /** How often it was tried. */
  readonly attempts: number;
  /** Name and message of what the handler failed with; phone numbers are masked. */
  readonly error: string;
  readonly failedAt: Date;
}
