import { WebhookError } from "../../errors/webhook";

/** A delivery as it came, its fields told apart; its token is not looked at yet. */
export interface Envelope {
  /** `callback`: of a number whose messages come and go through the API. Those have tokens of their own. */
  readonly kind: "webhook" | "callback";
  readonly name: string;
  /** E.g. `call`; empty where it was not said. */
  readonly resource: string;
  readonly token: string;
  /** Epoch milliseconds; null where it was no moment. */
  readonly sentAt: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** @throws {WebhookError} it is no event; 401 where it has no token that could be one. */
export function readEnvelope(body: unknown): Envelope {
  if (!isRecord(body)) throw noEvent();
  const token = own(body, "token");
  if (typeof token !== "string" || token === "") throw unknownToken();
  const kind = own(body, "event") === undefined ? "callback" : "webhook";
  const name = own(body, kind === "callback" ? "event_name" : "event");
  const data = own(body, "data");
  if (!isName(name) || !isRecord(data)) throw noEvent();
  const resource = own(body, "resource");
  return {
    kind,
    name,
    resource: isName(resource) ? resource : "",
    token,
    sentAt: readMoment(own(body, "timestamp")),
    data,
  };
}

export function unknownToken(): WebhookError {
  return new WebhookError("webhook_token", "The delivery carries no token that is known here.");
}

/** An own property: what a polluted prototype adds is none. */
export function own(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Epoch milliseconds. Aircall writes seconds, and now and then milliseconds. */
function readMoment(value: unknown): number | null {
  if (typeof value !== "number" || !(value > 0)) return null;
  const ms = Math.round(value < 1e12 ? value * 1000 : value);
  return ms <= latestMoment ? ms : null;
}

/** The last moment that a Date can hold. */
const latestMoment = 8.64e15;

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][\w.-]{0,99}$/i.test(value);
}

function noEvent(): WebhookError {
  return new WebhookError("webhook_body", "The body is no event of Aircall's: it needs a name, a token and data.");
}
