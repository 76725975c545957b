/* Shows what changes about a caller while their page is open, and leaves what somebody writes and chooses as it is. */
import { announce, sayBehind } from "../live.js";
import { elementOf, morph } from "../morph.js";
import { slideAfter } from "../slide.js";
import { draftField, judgeDraft } from "./draft.js";

const againMs = 5_000;
let again = null;

export function showChanges({ callBack, stale, said }) {
  void slideAfter(() => put(document.getElementById("caller-call-back"), elementOf(callBack)));
  if (stale) void reload(said);
  else announce(said);
}

/* What Aircall says of their calls only it can tell: the page is asked for anew. */
async function reload(said = "") {
  clearTimeout(again);
  try {
    const address = document.getElementById("caller").dataset.page;
    const answer = await fetch(address, { headers: { Accept: "text/html", "X-Look": "1" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await slideAfter(() => show(page));
    sayBehind(null);
    announce(said);
  } catch {
    sayBehind("Something happened that Aircall does not tell right now. Trying again…");
    again = setTimeout(() => void reload(said), againMs);
  }
}

function show(page) {
  const fresh = page.getElementById("caller");
  document.title = page.title;
  morph(document.getElementById("caller-heading"), page.getElementById("caller-heading"));
  keepForm(fresh.querySelector("#comments"));
  for (const [index, part] of [...document.getElementById("caller").children].entries())
    put(part, fresh.children[index]);
  if (!document.querySelector("#comments [role=alert]")) judgeDraft();
}

/* What a form was answered with is to be read first. */
function put(part, fresh) {
  if (!part || !fresh || part.querySelector("[role=alert]:not([hidden])")) return;
  const chosen = part.querySelector("select")?.value;
  morph(part, fresh);
  const select = part.querySelector("select");
  // Whoever was chosen may have become unavailable: then nobody is.
  if (select && chosen !== undefined) select.value = chosen;
  if (select?.selectedIndex === -1) select.value = "";
}

/* Where there is no room for another comment, one that was begun stays all the same. */
function keepForm(comments) {
  const form = document.getElementById("comment-form");
  if (draftField()?.value && !comments.querySelector("form")) comments.append(form.cloneNode(true));
}
