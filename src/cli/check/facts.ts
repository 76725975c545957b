import { fields } from "../../config/fields";
import type { Ask, Asked } from "./asking";

/** Something about Aircall that nobody could verify for this library: docs/faq.md lists them under the same names. */
export interface Fact {
  readonly name: string;
  /** What the library takes to be so, and works without. */
  readonly assumed: string;
  /** How it is with this account: statuses, counts and names of fields, never what they hold. */
  readonly find: (ask: Ask) => Promise<string>;
}

const newest = { per_page: 50, order: "desc" };

export const facts: readonly Fact[] = [
  {
    name: "rate headers",
    assumed: "on every answer, only near the limit, or never",
    find: async (ask) => rateHeaders(await ask("/v1/ping")),
  },
  { name: "rate limit", assumed: "120 a minute", find: async (ask) => headerOf(await ask("/v1/ping"), "Limit") },
  { name: "rate reset", assumed: "UNIX seconds", find: async (ask) => resetUnit(await ask("/v1/ping")) },
  {
    name: "company id",
    assumed: "GET /v1/company has none",
    find: async (ask) => has(itemOf(await ask("/v1/company"), "company"), "id"),
  },
  {
    name: "integration by key",
    assumed: "GET /v1/integrations/me is for OAuth only",
    find: async (ask) => statusOf(await ask("/v1/integrations/me")),
  },
  {
    name: "links of webhooks",
    assumed: "the list's meta has no next_page_link",
    find: async (ask) => has(fields((await ask("/v1/webhooks")).body["meta"]), "next_page_link"),
  },
  {
    name: "names of webhooks",
    assumed: "custom_name is in no answer",
    find: async (ask) => inItems(await ask("/v1/webhooks"), "webhooks", "custom_name"),
  },
  {
    name: "users of numbers",
    assumed: "empty or absent in lists",
    find: async (ask) => inItems(await ask("/v1/numbers"), "numbers", "users"),
  },
  {
    name: "links of tags",
    assumed: "tags have no direct_link",
    find: async (ask) => inItems(await ask("/v1/tags"), "tags", "direct_link"),
  },
  {
    name: "users, version 1",
    assumed: "may be gone since 2026-09-30",
    find: async (ask) => statusOf(await ask("/v1/users")),
  },
  {
    name: "duration of calls",
    assumed: "counts ringing or does not",
    find: async (ask) => durations(await calls(ask)),
  },
  {
    name: "unanswered outbound calls",
    assumed: "missed_call_reason is null",
    find: async (ask) => unansweredOutbound(await calls(ask)),
  },
  {
    name: "dialer campaign",
    assumed: "unwrapped, or under dialer_campaign; 404 without one",
    find: async (ask) => dialerCampaign(ask),
  },
  {
    name: "outbound campaigns",
    assumed: "GET /v1/campaign_outcomes exists",
    find: async (ask) => statusOf(await ask("/v1/campaign_outcomes")),
  },
];

const rateNames = ["Limit", "Remaining", "Reset"];

function rateHeaders(asked: Asked): string {
  const found = rateNames.filter((name) => asked.headers?.has(`X-AircallApi-${name}`));
  return found.length === 0 ? "none on a 200" : `${found.join(", ")} on a 200`;
}

function headerOf({ headers }: Asked, name: string): string {
  const text = headers?.get(`X-AircallApi-${name}`) ?? "";
  return /^\d{1,6}$/.test(text) ? text : "not said";
}

function resetUnit({ headers }: Asked): string {
  const text = headers?.get("X-AircallApi-Reset") ?? "";
  if (!/^\d{1,15}$/.test(text)) return "not said";
  return Number(text) < 1e12 ? "seconds" : "milliseconds";
}

function statusOf({ status }: Asked): string {
  return `status ${status}`;
}

function has(object: Readonly<Record<string, unknown>>, key: string): string {
  return Object.hasOwn(object, key) ? `${key} is there` : `no ${key}`;
}

function itemOf({ body }: Asked, key: string): Readonly<Record<string, unknown>> {
  return fields(body[key]);
}

function listOf({ body }: Asked, key: string): Readonly<Record<string, unknown>>[] {
  const list = body[key];
  return Array.isArray(list) ? list.map(fields) : [];
}

/** An empty list is as good as none. */
function inItems(asked: Asked, key: string, field: string): string {
  const items = listOf(asked, key);
  const filled = items.filter((item) => !isEmpty(item[field]));
  return `filled in ${filled.length} of ${items.length}, present in ${items.filter((item) => field in item).length}`;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

async function calls(ask: Ask): Promise<Readonly<Record<string, unknown>>[]> {
  return listOf(await ask("/v1/calls", newest), "calls");
}

/** A second either way is rounding. */
function durations(all: readonly Readonly<Record<string, unknown>>[]): string {
  const answered = all.filter(({ answered_at, ended_at }) => typeof answered_at === "number" && Boolean(ended_at));
  const long = answered.filter(({ answered_at, started_at }) => Number(answered_at) - Number(started_at) > 2);
  const lasts = (from: string) =>
    long.filter(
      ({ duration, ended_at, ...call }) => Math.abs(Number(ended_at) - Number(call[from]) - Number(duration)) < 2,
    );
  const [withRinging, without] = [lasts("started_at").length, lasts("answered_at").length];
  return `of ${long.length} answered calls ${withRinging} counted ringing, ${without} did not`;
}

function unansweredOutbound(all: readonly Readonly<Record<string, unknown>>[]): string {
  const found = all.filter(({ direction, answered_at, status }) => {
    return direction === "outbound" && answered_at === null && status === "done";
  });
  return `null in ${found.filter((call) => call["missed_call_reason"] === null).length} of ${found.length}`;
}

async function dialerCampaign(ask: Ask): Promise<string> {
  const [user] = listOf(await ask("/v2/users"), "users");
  if (typeof user?.["id"] !== "number") return "no user to ask for";
  const { status, body } = await ask(`/v1/users/${user["id"]}/dialer_campaign`);
  return status === 200 && "dialer_campaign" in body ? "status 200, wrapped" : `status ${status}`;
}
