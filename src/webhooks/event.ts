import type { AircallClient } from "../client/client";
import type { AircallEventData, AircallEventName } from "./events/names";

/** Whose event it is. Both are null for the app's one company. */
export interface EventCompany {
  /** Aircall's id; null where it is not known, as with an API key. */
  readonly companyId: number | null;
  /** The app's own name for the company; null where it has none. */
  readonly companyRef: string | null;
}

/**
 * How an event came. `webhook`: Aircall delivered it. `caughtUp`: found in Aircall's lists after a gap. `poll`: found
 * there, for the app polls. `replayed`: it had failed, and was handed on again by `retry`.
 */
export type EventSource = "webhook" | "caughtUp" | "poll" | "replayed";

/** What every event says of itself. */
export interface EventFacts<Name extends string, Data> extends EventCompany {
  /** E.g. `call.ended`. */
  readonly name: Name;
  /** What it is about, as it was when Aircall wrote it. What nobody has done is missing, and not null. */
  readonly data: Data;
  /** `callback`: of a number whose messages come and go through the API. */
  readonly kind: "webhook" | "callback";
  /** E.g. `call`; empty where Aircall did not say. */
  readonly resource: string;
  /** When Aircall wrote it; when it came, where that was not said. */
  readonly timestamp: Date;
  /** The same in every delivery of this event, and no other event's: by it, make your handler idempotent. */
  readonly id: string;
  /** Whether a handler was given a later state of the same call before. */
  readonly late: boolean;
  readonly source: EventSource;
  /** Aborts when the handler's time is up. */
  readonly signal: AbortSignal;
  /**
   * The company's client; its requests end when the handler's time is up. Those for `call.created` go in the lane
   * `interactive`, all others in `bulk`.
   */
  readonly client: () => Promise<AircallClient>;
}

/** An event, by its name. */
export type AircallEvent<Name extends AircallEventName = AircallEventName> = {
  [One in Name]: EventFacts<One, AircallEventData[One]>;
}[Name];

/** An event that the table of handlers does not name; Aircall adds names without notice. */
export type UnnamedEvent = EventFacts<string, Readonly<Record<string, unknown>>>;

/** An event as it is kept or queued: plain JSON, without its token. */
export interface EventJson extends EventCompany {
  readonly id: string;
  readonly name: string;
  readonly kind: "webhook" | "callback";
  readonly resource: string;
  /** Epoch milliseconds; null where Aircall did not say. */
  readonly sentAt: number | null;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly source: EventSource;
  readonly data: Readonly<Record<string, unknown>>;
}
