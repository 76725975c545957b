import type { Application, Request } from "express";
import { boardOf } from "../board-of";
import { meOf } from "../board/me";
import { boardModel, digestOf, withoutAge, type BoardModel } from "../board/render";
import { readView } from "../board/view";
import type { Watch } from "./live";
import { renderPart } from "./render-part";

/** What of a board has changed, as the page's script puts it in. */
export interface Changes {
  readonly title: string;
  /** Parts of the page that read otherwise, by their name. */
  readonly parts: Readonly<Record<string, string>>;
  /** All rows in their order, and those that are new or read otherwise; null where none does. */
  readonly rows: { readonly order: readonly string[]; readonly html: Readonly<Record<string, string>> } | null;
  /** For who cannot see it. */
  readonly said: string;
}

const parts = ["heading", "tabs", "filters", "side", "more"];

/** Watches the part of the board that a browser shows. Asks Aircall nothing. */
export function watchBoard(req: Request, knows: string | null): Watch {
  const [board, view, me] = [boardOf(req), readView(req.query), meOf(req)];
  const changesTo = createChanges(req.app, knows);
  return async function watchBoard() {
    const model = boardModel(board, view, me);
    const data = await changesTo(model);
    return data && { name: "board", data, digest: model.digest };
  };
}

/** Tells what has changed since the last time. `knows` is the digest of what the browser has, which may be nothing. */
function createChanges(app: Application, knows: string | null) {
  let known: { model: BoardModel; parts: Map<string, string>; rows: Map<string, string> } | null = null;

  return async function changesTo(model: BoardModel): Promise<Changes | null> {
    const rendered = new Map<string, string>();
    for (const part of parts) rendered.set(part, await renderPart(app, `board/${part}`, model));
    const rows = new Map(model.rows.map((row) => [row.words.id, digestOf(JSON.stringify(withoutAge(row)))]));
    const before = known ?? (knows === model.digest ? { model, parts: rendered, rows } : null);
    known = { model, parts: rendered, rows };

    const changedParts = [...rendered].filter(([part, html]) => before?.parts.get(part) !== html);
    const changedRows = model.rows.filter(({ words: { id } }) => before?.rows.get(id) !== rows.get(id));
    const order = [...rows.keys()];
    const moved = order.join() !== [...(before?.rows.keys() ?? [])].join();
    if (changedParts.length === 0 && changedRows.length === 0 && !moved) return null;
    const html: Record<string, string> = {};
    for (const row of changedRows) html[row.words.id] = await renderPart(app, "board/row", { ...model, row });
    if (order.length === 0) html["empty"] = await renderPart(app, "board/rows", model);
    return {
      title: `${model.headline} · Missed-call board`,
      parts: Object.fromEntries(changedParts),
      rows: changedRows.length > 0 || moved ? { order, html } : null,
      said: before ? whatHappened(before.model, model) : "",
    };
  };
}

const mostNames = 3;

function whatHappened(before: BoardModel, now: BoardModel): string {
  const there = new Map(before.rows.map((row) => [row.key, row]));
  const here = new Set(now.rows.map(({ key }) => key));
  const came = now.rows.filter(({ key }) => !there.has(key)).map(({ words }) => words.name);
  const left = before.rows.filter(({ key }) => !here.has(key)).map(({ words }) => words.name);
  const taken = now.rows
    .filter(({ key, take }) => take && there.get(key) && !there.get(key)?.take)
    .map(({ words, take }) => `${words.name} is with ${take?.by.name}.`);
  return [sentence(came, "on the list"), sentence(left, "off the list"), ...taken.slice(0, mostNames)].join(" ").trim();
}

function sentence(names: readonly string[], what: string): string {
  if (names.length === 0) return "";
  return names.length > mostNames ? `${names.length} callers are ${what}.` : `${names.join(", ")}: ${what}.`;
}
