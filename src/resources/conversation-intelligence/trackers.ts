import { type Answer, lookingFirst } from "../../http/answer";
import { type Id, ofList, route } from "../../http/route";
import { walk } from "../../pagination/iterate";
import type { IterateOptions } from "../../pagination/options";
import { byToken } from "../../pagination/token-pages";
import type { CallOptions } from "../../http/options";
import type { Api } from "../api";

const maxLimit = 50;
const trackerRoute = (id: string) => ofList(route`GET /v1/trackers/${id}`, { key: "calls" });

/** What is listened for in calls. Seen in one client only, as is what comes with it. */
export interface Tracker {
  id: string;
  name: string;
  filters?: object | null;
}

/** A tracker with one page of the calls it was heard in. */
export interface TrackerWithCalls {
  tracker?: Tracker;
  calls?: object[];
  /** `next_token` asks for the next page. */
  meta?: { next_token?: string | null };
}

/** Which of the calls that a tracker was heard in. */
export interface TrackerQuery {
  /** A Date, or UNIX milliseconds; a week before `end_time` by default. */
  start_time?: Date | number | undefined;
  /** A Date, or UNIX milliseconds; now by default. */
  end_time?: Date | number | undefined;
  direction?: "inbound" | "outbound" | undefined;
  /** Ids of users. */
  agent_ids?: readonly Id[] | undefined;
  /** Ids of numbers. */
  line_ids?: readonly Id[] | undefined;
  /** `meta.next_token` of the page before. */
  next_token?: string | undefined;
  /** Calls per page, 1 to 50; 20 by default. */
  limit?: number | undefined;
}

interface TrackerAsked<Query = TrackerQuery> {
  readonly id: string;
  readonly query: Query;
}

/** The array of trackers; Aircall may answer it bare, or under `trackers`. */
export function listTrackers(http: Api, options?: CallOptions): Answer<Tracker[]> {
  type Listed = Tracker[] | { trackers?: Tracker[] } | undefined;
  const answer = http.send<Listed>(ofList(route`GET /v1/trackers`, { key: "trackers", bare: true }), null, options);
  return answer.map((listed) => (Array.isArray(listed) ? listed : (listed?.trackers ?? [])));
}

export function getTracker(http: Api, asked: TrackerAsked, options?: CallOptions) {
  return lookingFirst("GET /v1/trackers/:id", () => askTracker(http, asked, options));
}

function askTracker(http: Api, { id, query }: TrackerAsked, options?: CallOptions) {
  const { start_time, end_time, agent_ids, line_ids, ...rest } = query;
  const encoded = {
    ...rest,
    start_time: start_time?.valueOf(),
    end_time: end_time?.valueOf(),
    agent_ids: agent_ids?.join(","),
    line_ids: line_ids?.join(","),
  };
  return http.send<TrackerWithCalls>(trackerRoute(id), null, options, encoded);
}

export function iterateTrackerCalls(
  http: Api,
  { id, query }: TrackerAsked<Omit<TrackerQuery, "next_token">>,
  options?: IterateOptions,
) {
  // Without a fixed end the pages would shift as calls come in, and some calls would be left out.
  const { end_time = Date.now(), limit = maxLimit } = query ?? {};
  const pages = byToken(http, {
    ask: (further, chosen) => getTracker(http, { id, query: { ...query, end_time, limit, ...further } }, chosen),
    parameter: "next_token",
    info: "meta",
    next: "next_token",
  });
  const listed = { route: trackerRoute(id), key: "calls", unsized: true } as const;
  return walk<object>(pages, listed, { options, query: { ...query, per_page: undefined } });
}
