/* Rows come, change and go as the server tells. */
import { announce } from "../live.js";
import { elementOf, morph, morphInto } from "../morph.js";
import { slideAfter } from "../slide.js";
import { tellAges } from "./ages.js";

export function showChanges({ title, parts, rows, said }) {
  document.title = title;
  void slideAfter(() => {
    for (const [part, html] of Object.entries(parts)) {
      const element = document.getElementById(`board-${part}`);
      if (element) morphInto(element, html);
    }
    if (rows) showRows(rows);
    tellAges();
  });
  announce(said);
}

function showRows({ order, html }) {
  const list = document.getElementById("board-rows");
  if (order.length === 0) return morphInto(list, html.empty);
  const wanted = new Set(order);
  for (const row of [...list.children]) if (!wanted.has(row.id)) row.remove();
  let before = null;
  for (const id of order) {
    let row = document.getElementById(id);
    if (html[id]) {
      const fresh = elementOf(html[id]);
      if (row) morph(row, fresh);
      else row = fresh;
    }
    if (!row) continue;
    const next = before ? before.nextElementSibling : list.firstElementChild;
    // Moving would take the focus away.
    if (row !== next) list.insertBefore(row, next);
    before = row;
  }
}
