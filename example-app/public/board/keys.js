/* j and k go through the callers, c calls back, t takes or releases, / searches, ? helps. */

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = acts[event.key];
    if (!act || !document.getElementById("board") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
}

const acts = {
  j: () => go(1),
  k: () => go(-1),
  c: () => press(".callback"),
  t: () => press("[formaction='/board/take'], [formaction='/board/release']"),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

function go(step) {
  const rows = [...document.querySelectorAll("#board-rows > .caller")];
  const at = rows.indexOf(current());
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  next?.querySelector(".name")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const row = current() ?? document.querySelector("#board-rows > .caller");
  row?.querySelector(selector)?.click();
}

function current() {
  return document.activeElement?.closest(".caller") ?? null;
}

function isTyping(element) {
  return element instanceof HTMLElement && element.matches("input, select, textarea, [contenteditable]");
}
