/* What the server tells of a page while it is open; the page says how old it is, and plainly when it is not live. */
import { slideAfter } from "./slide.js";

/* The server says something every ten seconds. */
const silentMs = 25_000;
const mostWaitMs = 30_000;

let source = null;
let heardAt = 0;
let lostAt = null;
let elsewhere = false;
let waitMs = 1_000;
let lastId = null;
let behind = null;
/* Of the element that the page is about, which says where it is live, and what is done with each event. */
let room = { id: "", on: {} };
let others = null;

export function goLive(about) {
  room = about;
  // One stream for a browser and kind of page: the one that is looked at has it.
  others = "BroadcastChannel" in globalThis ? new BroadcastChannel(`missed-call-board ${room.id}`) : null;
  connect();
  setInterval(tellStatus, 1_000);
  others?.addEventListener("message", ({ data }) => {
    if (data === "live") pause();
    else if (elsewhere) connect();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && elsewhere) connect();
  });
  addEventListener("pagehide", () => {
    if (source) others?.postMessage("gone");
    source?.close();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && connect());
}

/* The address that is live follows the page. */
export function connect() {
  const element = document.getElementById(room.id);
  source?.close();
  source = null;
  elsewhere = false;
  if (!element) return;
  const address = new URL(element.dataset.live, location.href);
  address.searchParams.set("digest", lastId ?? element.dataset.digest);
  lastId = null;
  others?.postMessage("live");
  const opened = new EventSource(address);
  source = opened;
  opened.addEventListener("beat", ({ data }) => heard(JSON.parse(data).lost));
  for (const [name, act] of Object.entries(room.on)) {
    opened.addEventListener(name, ({ data, lastEventId }) => {
      heard(false);
      lastId = lastEventId;
      element.dataset.digest = lastEventId;
      act(JSON.parse(data));
    });
  }
  opened.addEventListener("replaced", () => pause());
  opened.addEventListener("ended", () => ended());
  opened.addEventListener("error", () => failed(opened));
}

function heard(lost) {
  heardAt = Date.now();
  waitMs = 1_000;
  lostAt = lost ? (lostAt ?? heardAt) : null;
  tellStatus();
}

function pause() {
  source?.close();
  source = null;
  elsewhere = true;
  tellStatus();
}

function failed(opened) {
  lostAt ??= Date.now();
  tellStatus();
  // Otherwise the browser comes back by itself.
  if (opened.readyState !== EventSource.CLOSED || opened !== source) return;
  setTimeout(() => opened === source && comeBack(), waitMs);
  waitMs = Math.min(mostWaitMs, waitMs * 2);
}

/* A stream that is refused does not say why; the page does. */
async function comeBack() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Look": "1" } }).catch(() => null);
  if (answer && (answer.redirected || answer.status === 401)) return ended();
  connect();
}

function ended() {
  source?.close();
  source = null;
  status("lost", "This company is connected no longer. ", link(location.href, "Connect again"));
}

/* For who cannot see it. */
export function announce(said) {
  if (said) document.getElementById("announce").textContent = said;
}

/* The page hears what happens, and cannot show it now: why, or null when it can. */
export function sayBehind(why) {
  behind = why;
  tellStatus();
}

function tellStatus() {
  if (elsewhere) return status("lost", "Shown live in another tab. ", button("Show it live here", connect));
  if (!source) return;
  const quiet = Date.now() - heardAt;
  if (heardAt === 0 && lostAt === null) return;
  if (quiet > silentMs) lostAt ??= heardAt;
  if (lostAt !== null)
    return status("lost", `Not live since ${timeOf(lostAt)}: this is the last that is known. Trying again…`);
  if (document.querySelector(".trouble")) return status("lost", "Not live until Aircall is back.");
  if (behind) return status("lost", behind);
  const seconds = Math.floor(quiet / 10_000) * 10;
  const pace = document.getElementById(room.id)?.dataset.toldBy === "lists" ? "Looks once a minute" : "Live";
  status("live", `${pace} · updated ${seconds === 0 ? "just now" : `${seconds} s ago`}`);
}

function status(kind, text, ...more) {
  const element = document.getElementById("status");
  if (!element || element.dataset.said === text) return;
  // Said aloud only when it changes from one to the other, not every ten seconds.
  element.setAttribute("aria-live", kind === "live" && element.classList.contains("live") ? "off" : "polite");
  element.dataset.said = text;
  void slideAfter(() => {
    element.className = `status ${kind}`;
    element.replaceChildren(text, ...more);
  });
}

function timeOf(ms) {
  return new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function link(href, text) {
  return Object.assign(document.createElement("a"), { href, textContent: text });
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), {
    type: "button",
    textContent: text,
    className: "quiet",
  });
  made.addEventListener("click", act);
  return made;
}
