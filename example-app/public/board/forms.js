/* Sends the board's forms and filters without leaving the page. Where that fails, the browser sends them as ever. */
import { connect } from "../live.js";
import { morph } from "../morph.js";
import { slideAfter } from "../slide.js";
import { letNoticeGo } from "./notice.js";

/* The caller of the last form, and the place in the list that they had. */
let acted = { caller: null, place: 0 };

export function takeForms() {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const action = new URL(submitter?.getAttribute("formaction") ?? form.action, location.href);
    const ours = action.pathname === "/missed-calls" || action.pathname.startsWith("/board/");
    if (!ours || form.method === "dialog") return;
    event.preventDefault();
    submitter?.closest("details")?.removeAttribute("open");
    const body = new URLSearchParams(new FormData(form, submitter));
    if (form.method !== "get") {
      noteCaller(body.get("caller"));
      return void load(action, { method: "POST", body });
    }
    for (const [name, value] of [...body]) if (!value) body.delete(name);
    action.search = body.toString();
    void load(action);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".tabs a, .more a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void load(new URL(link.href));
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches(".filters select")) target.form.requestSubmit();
  });
  addEventListener("popstate", () => location.reload());
}

async function load(address, request = {}) {
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...request, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await show(page, answer, !request.method);
  } catch {
    // Whether it was done nobody knows; the page that is asked for says it, or what is wrong.
    location.assign(request.method ? location.href : address);
  } finally {
    document.body.removeAttribute("aria-busy");
  }
}

async function show(page, answer, isGet) {
  const fresh = page.getElementById("main");
  const main = document.getElementById("main");
  if (!fresh) return location.assign(answer.url);
  const isPage = answer.ok && new URL(answer.url).pathname === "/missed-calls";
  if (isPage && answer.url !== location.href) history.pushState(null, "", answer.url);
  document.title = page.title;
  const isBoard = fresh.querySelector("#board") !== null;
  if (isBoard && document.getElementById("board")) await slideAfter(() => morph(main, fresh));
  else main.replaceChildren(...fresh.childNodes);
  if (!isBoard) focusFirst(main);
  else if (document.activeElement === document.body && !isGet) focusCaller();
  letNoticeGo();
  connect();
}

/* In between there may be a page that asks who is to call. */
function noteCaller(caller) {
  const place = rows().findIndex((row) => isOf(row, caller));
  acted = { caller, place: place < 0 && caller === acted.caller ? acted.place : Math.max(0, place) };
}

/* Who acted goes on at that caller, or where they have left at the one who came in their place. */
function focusCaller() {
  const all = rows();
  const row = all.find((row) => isOf(row, acted.caller)) ?? all[acted.place] ?? all.at(-1);
  row?.querySelector(".name")?.focus();
}

function rows() {
  return [...document.querySelectorAll("#board-rows > .caller")];
}

function isOf(row, caller) {
  return [...row.querySelectorAll("button[name=caller]")].some(({ value }) => value === caller);
}

/* A question is answered at its first field; where there is none, it is to be read first. */
function focusFirst(main) {
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  (main.querySelector("select, input:not([type=hidden])") ?? heading)?.focus();
}
