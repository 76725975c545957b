import { readCompanyId, readCompanyName } from "../config/company-id";
import { fields } from "../config/fields";
import { ArgumentError } from "../errors/errors";
import type { EventCompany, EventJson, EventSource } from "./event";
import { companyOf, keyOf } from "./event-company";
import { isRecord, type Envelope } from "./parse/envelope";

/** What an event says, and whose it is, as it is kept and queued. `key` tells it from other events of its company. */
export function asJson(envelope: Omit<Envelope, "token">, key: string, from: Arrived): EventJson {
  const { kind, name, resource, sentAt, data } = envelope;
  const { company, receivedAt, source } = from;
  const { companyId, companyRef } = company;
  return {
    id: `${keyOf(companyOf(company))}/${key}`,
    name,
    kind,
    resource,
    companyId,
    companyRef,
    sentAt,
    receivedAt,
    source,
    data,
  };
}

interface Arrived {
  readonly company: EventCompany;
  readonly receivedAt: number;
  readonly source: EventSource;
}

/** An event that comes back from a queue, or from where it was kept: as an object, or as text. */
export function readEventJson(value: unknown): EventJson {
  const event = fields(typeof value === "string" ? parsed(value) : value);
  const { id, name, kind, resource, companyId, companyRef, sentAt, receivedAt, source, data } = event;
  if (!isText(id) || !isText(name) || typeof resource !== "string" || !isRecord(data)) throw noEvent();
  if (kind !== "webhook" && kind !== "callback") throw noEvent();
  if (companyId !== null && !isCompanyId(companyId)) throw noEvent();
  if (companyRef !== null && (!isText(companyRef) || readCompanyName({ ref: companyRef }) === null)) throw noEvent();
  if (!isMoment(receivedAt) || (sentAt !== null && !isMoment(sentAt)) || !isSource(source)) throw noEvent();
  return { id, name, kind, resource, companyId, companyRef, sentAt, receivedAt, source, data };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noEvent();
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isCompanyId(value: unknown): value is number {
  return readCompanyId(value) === value;
}

function isMoment(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}

function isSource(value: unknown): value is EventSource {
  return value === "webhook" || value === "caughtUp" || value === "poll" || value === "replayed";
}

function noEvent(): ArgumentError {
  return new ArgumentError("events.handle(json) takes what enqueue(json) was given, as an object or as its JSON.");
}
