import type { EventJson } from "./event";
import { own } from "./parse/envelope";
import { companyOf } from "./event-company";
import { fields } from "../config/fields";
import { companyKey } from "../config/company-id";

/** How far a call had come when an event was written. */
export interface Progress {
  /** Index among `initial`, `answered`, `done`. */
  readonly status: number;
  /** Index among the events that come in an order; -1 for those that can come at any time. */
  readonly step: number;
}

const statuses = ["initial", "answered", "done"];
const steps = [
  "call.created",
  "call.ringing_on_agent",
  "call.answered",
  "call.hungup",
  "call.ended",
  "call.comm_assets_generated",
];

/** A key for the call that an event is about, with its company's; null where it is about none. */
export function callOf(event: EventJson): string | null {
  const { name, data } = event;
  const id = name.startsWith("call.") ? own(data, "id") : (own(data, "call_id") ?? fields(own(data, "call"))["id"]);
  if (typeof id !== "number" && typeof id !== "string") return null;
  const company = companyOf(event);
  return `${company === null ? "own" : companyKey(company)} ${id}`;
}

/** Null for an event that says nothing of how far its call has come. */
export function progressOf({ name, data }: EventJson): Progress | null {
  if (!name.startsWith("call.")) return null;
  const status = own(data, "status");
  const reached = typeof status === "string" ? statuses.indexOf(status) : -1;
  return reached < 0 ? null : { status: reached, step: steps.indexOf(name) };
}

/** Whether `one` is a later state of the call than `other`. */
export function isLater(one: Progress, other: Progress): boolean {
  if (one.status !== other.status) return one.status > other.status;
  return other.step >= 0 && one.step > other.step;
}

/** The later of the two; by `step` where an event that can come at any time meets one that cannot. */
export function latestOf(one: Progress, other: Progress): Progress {
  return isLater(one, other)
    ? one
    : { status: other.status, step: Math.max(one.status === other.status ? one.step : -1, other.step) };
}
