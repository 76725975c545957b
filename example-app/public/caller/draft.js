/* A comment that is being written survives a reload, a lost connection and connecting again; an emoji is refused while
 * it is typed. */

const emoji = /(?![©®™])\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{20E3}/u;

export function keepDraft() {
  const field = draftField();
  const saved = document.querySelector(".notice")?.textContent.includes("comment is saved");
  if (saved && field) sessionStorage.removeItem(keyOf(field));
  else if (field?.value) keep(field);
  else if (field) field.value = sessionStorage.getItem(keyOf(field)) ?? "";
  document.addEventListener("input", ({ target }) => {
    if (target !== draftField()) return;
    keep(target);
    judgeDraft();
  });
}

/* Null where there is no room for another comment. */
export function draftField() {
  return document.querySelector("textarea[data-draft]");
}

/* What stands against the draft is said again after the page has changed around it. */
export function judgeDraft() {
  const field = draftField();
  if (!field) return;
  const fault = document.getElementById("comment-fault");
  const found = emoji.exec(field.value)?.[0];
  fault.hidden = found === undefined;
  fault.textContent =
    found === undefined ? "" : `Aircall takes no emoji in comments. Take ${found} out and save again.`;
  field.setCustomValidity(fault.textContent);
  if (found === undefined) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
}

function keep(field) {
  if (field.value) sessionStorage.setItem(keyOf(field), field.value);
  else sessionStorage.removeItem(keyOf(field));
}

function keyOf(field) {
  return `draft ${field.dataset.draft}`;
}
