import { readCompanySettings } from "../company-settings/company-settings";
import { createZones } from "../glance/zones";
import { agentStates, type AgentState } from "../mirror/agents";
import type { CompanyKey } from "../mirror/company";
import type { Mirror } from "../mirror/mirror";
import type { MirroredCall } from "../mirror/mirrored-call";
import type { MirrorProgress } from "../mirror/progress";
import { findCallers, withMarks, type Caller } from "./callers";
import { doneOf, takeBefore, takeOf, type Done, type Take } from "./notes";
import { overdueAt } from "./overdue";
import { idsOf, isFound, tabOf, tabs, type BoardView, type FilterIds, type FilterName, type Tab } from "./view";

/** A caller, and what people here noted about them. */
export interface Row extends Caller {
  readonly tab: Tab;
  readonly take: Take | null;
  /** Who was on them as they were reached. */
  readonly takenBefore: Take | null;
  readonly doneBy: Done | null;
  readonly ids: FilterIds;
  /** UNIX seconds, from which on they have waited too long while somebody was there; null where they never do. */
  readonly overdueAt: number | null;
}

/** What may be chosen in a filter, and how many callers of the tab it would leave. */
export interface Choice {
  readonly id: number;
  readonly name: string;
  readonly count: number;
}

/** All that a view of the board shows. Nothing of it is asked of Aircall. */
export interface BoardPage {
  readonly view: BoardView;
  readonly rows: readonly Row[];
  /** How many there are beyond those rows. */
  readonly more: number;
  /** Callers by tab, of those the filters leave. */
  readonly counts: Readonly<Record<Tab, number>>;
  /** How many of those who wait somebody is on. */
  readonly taken: number;
  readonly filters: Readonly<Record<FilterName, readonly Choice[]>>;
  readonly agents: readonly AgentState[];
  readonly progress: MirrorProgress;
}

export function makePage(mirror: Mirror, company: CompanyKey, view: BoardView): BoardPage {
  const found = allRows(mirror, company).filter((row) => isFound(row, view.search));
  const passing = found.filter((row) => passes(row, view, ["line", "team", "agent"]));
  const counts = Object.fromEntries(tabs.map((tab) => [tab, passing.filter((row) => row.tab === tab).length]));
  const shown = inOrder(passing.filter((row) => row.tab === view.show));
  const ofTab = found.filter((row) => row.tab === view.show);
  return {
    view,
    rows: shown.slice(0, view.rows),
    more: Math.max(0, shown.length - view.rows),
    counts: counts as Record<Tab, number>,
    taken: passing.filter(({ tab, take }) => tab === "waiting" && take).length,
    filters: {
      line: choices(ofTab, view, "line"),
      team: choices(ofTab, view, "team"),
      agent: choices(ofTab, view, "agent"),
    },
    agents: agentStates(mirror, company),
    progress: mirror.progress(company),
  };
}

const known = new WeakMap<readonly MirroredCall[], { readonly revision: number; readonly rows: readonly Row[] }>();

/** Everybody on the board. The same list until the mirror changes: there may be thousands, and many viewers. */
function allRows(mirror: Mirror, company: CompanyKey): readonly Row[] {
  const calls = mirror.calls(company);
  const revision = mirror.revision(company);
  const found = known.get(calls);
  if (found?.revision === revision) return found.rows;
  const settings = readCompanySettings(mirror.fields(company, "settings"));
  const { lines } = settings;
  const zones = createZones();
  const rows = findCallers(calls)
    .map((caller) => ({ ...rowOf(mirror, company, caller), overdueAt: overdueAt(caller, settings, zones) }))
    .filter(({ missed }) => lines === null || missed.some(({ line }) => lines.includes(line?.id ?? 0)));
  known.set(calls, { revision, rows });
  return rows;
}

function rowOf(mirror: Mirror, company: CompanyKey, caller: Caller): Omit<Row, "overdueAt"> {
  const take = takeOf(mirror, company, caller);
  const doneBy = doneOf(mirror, company, caller);
  const whole = { ...caller, ...withMarks(doneTogether(mirror, company, caller, doneBy)) };
  const takenBefore = takeBefore(mirror, company, caller);
  return { ...whole, tab: tabOf(caller), take, takenBefore, doneBy, ids: idsOf(whole, take) };
}

/** All calls that were seen to at once. Of what was archived at Aircall, nothing says which belong together. */
function doneTogether(mirror: Mirror, company: CompanyKey, caller: Caller, done: Done | null): Caller["missed"] {
  const { missed, latest } = caller;
  if (!done?.calls.includes(latest.id)) return missed;
  const [first = latest, ...more] = done.calls.flatMap((id) => mirror.call(company, id) ?? []);
  return [first, ...more];
}

/** Who waits longest comes first; what is over, the latest first. */
function inOrder(rows: Row[]): Row[] {
  const isOver = rows[0]?.tab === "reached" || rows[0]?.tab === "done";
  return isOver ? rows.sort((one, other) => overAt(other) - overAt(one)) : rows;
}

function overAt({ reached, doneBy, latest }: Row): number {
  return reached?.startedAt ?? doneBy?.at ?? latest.startedAt;
}

function passes(row: Row, view: BoardView, names: readonly FilterName[]): boolean {
  return names.every((name) => view[name] === null || row.ids[name].has(view[name]));
}

function choices(rows: readonly Row[], view: BoardView, filter: FilterName): Choice[] {
  const others = (["line", "team", "agent"] as const).filter((name) => name !== filter);
  const found = new Map<number, { name: string; count: number }>();
  for (const row of rows.filter((row) => passes(row, view, others))) {
    for (const [id, name] of row.ids[filter]) {
      found.set(id, { name, count: (found.get(id)?.count ?? 0) + 1 });
    }
  }
  return [...found].map(([id, choice]) => ({ id, ...choice })).sort((one, other) => one.name.localeCompare(other.name));
}
