import type { Caller } from "./callers";
import type { Take } from "./notes";

/** Which part of the board is looked at, as its address says. */
export interface BoardView {
  readonly show: Tab;
  /** Ids; null for all. */
  readonly line: number | null;
  readonly team: number | null;
  readonly agent: number | null;
  /** A number or a name, or a part of one. */
  readonly search: string;
  /** How many rows at most. */
  readonly rows: number;
}

export const tabs = ["waiting", "tried", "withheld", "reached", "done"] as const;
export type Tab = (typeof tabs)[number];

/** As many as fit a page of 60 KB with all that belongs to it. */
export const rowsAtFirst = 15;
const mostRows = 500;

export function readView(query: Readonly<Record<string, unknown>>): BoardView {
  const show = tabs.find((tab) => tab === query["show"]) ?? "waiting";
  const { line, team, agent, q, rows } = query;
  return {
    show,
    line: idOf(line),
    team: idOf(team),
    agent: idOf(agent),
    search: typeof q === "string" ? q.trim().slice(0, 100) : "",
    rows: Math.min(mostRows, idOf(rows) ?? rowsAtFirst),
  };
}

/** The address of that part; `changes` of another. */
export function addressOf(view: BoardView, changes: Partial<BoardView> = {}): string {
  const { show, line, team, agent, search, rows } = { ...view, ...changes };
  const params = new URLSearchParams();
  if (show !== "waiting") params.set("show", show);
  for (const [name, id] of Object.entries({ line, team, agent })) if (id !== null) params.set(name, String(id));
  if (search) params.set("q", search);
  if (rows !== rowsAtFirst) params.set("rows", String(rows));
  const query = params.toString();
  return query ? `/missed-calls?${query}` : "/missed-calls";
}

export function moreRows(view: BoardView): number {
  return Math.min(mostRows, view.rows + 3 * rowsAtFirst);
}

/** Where a caller is to be found. */
export function tabOf({ number, state }: Caller): Tab {
  return number === null && state === "waiting" ? "withheld" : state;
}

export type FilterName = "line" | "team" | "agent";

/** What a caller is filtered by: names by id. */
export type FilterIds = Readonly<Record<FilterName, ReadonlyMap<number, string>>>;

export function idsOf({ missed, agents }: Caller, take: Take | null): FilterIds {
  const named = (list: readonly { id: number; name: string }[]) => new Map(list.map(({ id, name }) => [id, name]));
  return {
    line: named(missed.flatMap(({ line }) => line ?? [])),
    team: named(missed.flatMap(({ teams }) => teams)),
    agent: named(take ? [...agents, take.by] : agents),
  };
}

export function isFound({ number, name }: Caller, search: string): boolean {
  if (!search) return true;
  const digits = search.replace(/\D/g, "").replace(/^0+/, "");
  const isNumber = digits.length > 0 && !/[a-z]/i.test(search);
  return isNumber ? (number?.includes(digits) ?? false) : (name?.toLowerCase().includes(search.toLowerCase()) ?? false);
}

function idOf(text: unknown): number | null {
  return typeof text === "string" && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}
