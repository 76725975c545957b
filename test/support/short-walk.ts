import { route } from "../../src/http/route";
import { walk, type Iteration } from "../../src/pagination/iterate";
import type { List, ListQuery } from "../../src/pagination/options";
import { firstSecond, type Listed, listedFrom, type PastCall } from "./call-history";

export const byTime = { route: route`GET /v1/calls`, key: "calls", time: "started_at" } as const satisfies List;
export const byNumber = { route: route`GET /v1/tags`, key: "calls" } as const satisfies List;

export interface ShortWalk {
  readonly calls: PastCall[];
  readonly list?: List;
  readonly query?: ListQuery;
  /** What the list does that others do not; it may change the calls. */
  readonly habits?: Listed;
  readonly ahead?: number;
}

const end = firstSecond + 500_000;

/** Walks to the end, or to an error: what it brought, why it ended, and what it asked for. */
export async function walkShort({ calls, list = byTime, query = {}, habits = {}, ahead = 0 }: ShortWalk) {
  const { http, asked } = listedFrom({ calls }, habits);
  const bounds = list.time && { to: end };
  const read = await readToEnd(walk<PastCall>(http, list, { options: { ahead }, query: { ...bounds, ...query } }));
  return { ...read, asked: asked().map(shorten).join(", ") };
}

/** What a walk brought, and how it ended. */
export async function readToEnd(walked: Iteration<PastCall>) {
  const seen: number[] = [];
  let failure: unknown = null;
  try {
    for await (const { id } of walked) seen.push(id);
  } catch (error) {
    failure = error;
  }
  return { seen, failure, done: walked.done };
}

/** `48.. 2/50`: from second 48 on, page 2, of 50 items; `>2/50`: where a link of its own led. */
function shorten({ from, to, after, page = "1", per_page = "20" }: Record<string, string>): string {
  const second = (moment: string | undefined) => (moment === undefined ? "" : String(Number(moment) - firstSecond));
  const bounds = from !== undefined || (to ?? String(end)) !== String(end);
  const span = bounds ? `${second(from)}..${to === String(end) ? "" : second(to)} ` : "";
  return `${span}${after === undefined ? page : `>${after}`}/${per_page}`;
}
