export interface Entry {
  id: number;
  started_at: number;
}

/** What happens to a list before one of its pages is looked up. */
export interface Turn {
  /** Shares of the list, from 0 to below 1. */
  readonly vanish: readonly number[];
  /** Seconds after the first one. */
  readonly appear: readonly number[];
  /** How those of one second stand, or all of them. */
  readonly order: "by id" | "of a second anew" | "turned round";
  /** The answer comes without its list. */
  readonly lost: boolean;
  /** It is answered as it was some requests ago. */
  readonly lag: number;
}

/** How the list treats what it is asked. */
export interface Manner {
  readonly ignores: readonly ("page" | "per_page" | "order" | "from" | "to")[];
  readonly mostPerPage: number;
  /** How many results of one query can be paged through. */
  readonly cap: number;
  readonly links: "full" | "absent";
  readonly totals: "numbers" | "texts" | "absent";
  /** Its answers say how large a page is. */
  readonly sized: boolean;
}

export const calm: Turn = { vanish: [], appear: [], order: "by id", lost: false, lag: 0 };
export const wellMannered: Manner = {
  ignores: [],
  mostPerPage: 50,
  cap: 10_000,
  links: "full",
  totals: "numbers",
  sized: true,
};

/** A list that changes under whoever reads it, by way of a `fetch`. */
export function createHostileList(seconds: readonly number[], turns: readonly Turn[], manner: Manner) {
  let entries: Entry[] = seconds.map((second, n) => ({ id: n + 1, started_at: second }));
  const lasting = new Set(entries.map(({ id }) => id));
  const past: Entry[][] = [];
  let nextId = 1_000;
  let requests = 0;

  function change({ vanish, appear, order }: Turn): Entry[] {
    for (const share of vanish) {
      const [gone] = entries.splice(Math.floor(share * entries.length), 1);
      if (gone) lasting.delete(gone.id);
    }
    entries = [...entries, ...appear.map((second) => ({ id: nextId++, started_at: second }))];
    const rank = ({ id }: Entry) => (order === "of a second anew" ? (id * 7_919 * (requests + 1)) % 1_009 : id);
    const sorted = entries.toSorted((one, other) => one.started_at - other.started_at || rank(one) - rank(other));
    return order === "turned round" ? sorted.reverse() : sorted;
  }

  function show(state: readonly Entry[], query: URLSearchParams): Entry[] {
    const asked = (name: Manner["ignores"][number]) => (manner.ignores.includes(name) ? null : query.get(name));
    const [from, to] = [Number(asked("from") ?? 0), Number(asked("to") ?? Infinity)];
    const found = state.filter(({ started_at }) => started_at >= from && started_at <= to);
    return asked("order") === "desc" ? found.reverse() : found;
  }

  function inManner(count: number): number | string {
    return manner.totals === "texts" ? String(count) : count;
  }

  function pageOf(found: readonly Entry[], url: URL): object | null {
    const query = url.searchParams;
    const asked = manner.ignores.includes("per_page") ? manner.mostPerPage : Number(query.get("per_page") ?? 20);
    const perPage = Math.min(asked, manner.mostPerPage);
    const named = Number(query.get("page") ?? 1);
    const page = manner.ignores.includes("page") ? 1 : named;
    if (named * perPage > manner.cap) return null;
    const items = found.slice((page - 1) * perPage, page * perPage);
    query.set("page", String(named + 1));
    const next_page_link = named * perPage < found.length ? url.href : null;
    const size = manner.sized ? { per_page: perPage } : {};
    const total = manner.totals === "absent" ? {} : { total: inManner(found.length) };
    const meta = { count: inManner(items.length), ...total, current_page: named, ...size };
    return { meta: manner.links === "full" ? { ...meta, next_page_link } : meta, calls: items };
  }

  function answer(input: string): Response {
    const turn = turns[requests++] ?? calm;
    past.push(change(turn));
    const state = past.at(-1 - turn.lag) ?? past[0]!;
    if (turn.lost) return Response.json({});
    const url = new URL(input);
    const page = pageOf(show(state, url.searchParams), url);
    if (page) return Response.json(page);
    return Response.json({ errors: `Limited to the first ${manner.cap} results` }, { status: 400 });
  }

  return {
    fetch: ((input: string) => Promise.resolve(answer(input))) as typeof globalThis.fetch,
    /** Those that were there from the first request on. */
    lasting,
    get requests() {
      return requests;
    },
  };
}
