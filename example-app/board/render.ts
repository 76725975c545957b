import { createHash } from "node:crypto";
import type { OpenBoard } from "../board-of";
import type { AgentState } from "../mirror/agents";
import type { Named } from "../mirror/mirrored-call";
import { budgetWords } from "./budget-words";
import { cityOf, clockAt, lengthWords } from "./clock";
import { doneReasons } from "./notes";
import { makePage, type BoardPage, type Row } from "./page";
import { rowWords, zoneOf, type RowWords } from "./row-words";
import { troubleWords } from "./trouble";
import { addressOf, moreRows, rowsAtFirst, tabs, type BoardView, type Tab } from "./view";

/** What the templates of the board are given. */
export interface BoardModel extends Omit<BoardPage, "rows"> {
  readonly rows: readonly (Row & { readonly words: RowWords })[];
  /** The same as long as the board says the same; the passing of time alone does not change it. */
  readonly digest: string;
  readonly headline: string;
  readonly [helper: string]: unknown;
}

export const tabNames: Readonly<Record<Tab, string>> = {
  waiting: "Waiting",
  tried: "Called, no answer",
  withheld: "No number",
  reached: "Reached",
  done: "Done",
};

/** The board as somebody sees it: `me` is who they said they are. */
export function boardModel({ mirror, key, company }: OpenBoard, view: BoardView, me: Named | null): BoardModel {
  const page = makePage(mirror, key, view);
  const zone = zoneOf(mirror.calls(key));
  const now = Math.floor(Date.now() / 1000);
  const rows = page.rows.map((row) => ({ ...row, words: rowWords(row, zone) }));
  const { progress } = page;
  const longest = view.show === "waiting" && !view.search ? (page.rows[0]?.missed[0].startedAt ?? null) : null;
  const from = progress.completeFrom;
  const model = {
    ...page,
    ...{ rows, zone, now, longest, me },
    asOf: clockAt(zone).time(now),
    completeFrom: from === null ? null : `${clockAt(zone).day(from)} ${clockAt(zone).time(from)}`,
    trouble: troubleWords(progress.trouble, clockAt(zone)),
    toldBy: company.toldBy,
    budget: budgetWords(company.client.budget),
    headline: headline(page),
    takenWords: takenWords(page),
    emptyWords: emptyWords(page),
    doingWords: (agent: AgentState) => doingWords(agent, (seconds) => clockAt(zone).time(seconds)),
    ...{ tabs, tabNames, rowsAtFirst, addressOf, moreRows, lengthWords, cityOf, doneReasons },
  };
  const said = [model.rows.map(withoutAge), page.counts, page.taken, page.filters, page.agents, progress];
  return { ...model, digest: digestOf(JSON.stringify(said)) };
}

export function withoutAge<R extends { words: RowWords }>(row: R): unknown {
  return { ...row, words: { ...row.words, age: "", overdue: false } };
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

function doingWords({ doing, since, reason }: AgentState, time: (seconds: number) => string): string {
  const what = doing === "talking" ? "on a call" : doing === "away" && reason ? `away: ${reason}` : doing;
  return since === null ? what : `${what} since ${time(since)}`;
}

/** How many wait: of all, or of those that are looked for. */
function headline({ view, counts: { waiting } }: Pick<BoardPage, "view" | "counts">): string {
  if (isNarrowed(view)) return `${waiting === 0 ? "None" : waiting} of these ${waiting > 1 ? "are" : "is"} waiting`;
  if (waiting === 0) return "Nobody is waiting";
  return waiting === 1 ? "1 caller is waiting" : `${waiting} callers are waiting`;
}

/** How many of those who wait somebody is on; empty where nobody waits. */
function takenWords({ taken, counts: { waiting } }: Pick<BoardPage, "taken" | "counts">): string {
  if (waiting === 0) return "";
  if (taken === 0) return "Nobody is on any of them yet.";
  return taken === waiting ? "Somebody is on each of them." : `Somebody is on ${taken} of them.`;
}

function isNarrowed({ search, line, team, agent }: BoardView): boolean {
  return search !== "" || line !== null || team !== null || agent !== null;
}

function emptyWords({ view, progress }: BoardPage): [string, string] {
  if (isNarrowed(view)) return ["Nobody found", "No caller here is like that."];
  if (progress.state !== "full") return ["Reading…", "The week’s calls are on their way."];
  const words: Record<Tab, [string, string]> = {
    waiting: ["All caught up", "Everybody who was missed in the last seven days has been seen to."],
    tried: ["None", "Nobody was called back in vain."],
    withheld: ["None", "Nobody who was missed withheld their number."],
    reached: ["None yet", "Who is called back, or gets through later, is listed here."],
    done: ["None yet", "Who needs no call is listed here, and can be taken back."],
  };
  return words[view.show];
}
