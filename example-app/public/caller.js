// What the page does better with JavaScript: a comment that is being written survives a reload, a lost connection and
// connecting again, and an emoji is refused while it is typed.
const field = document.querySelector("textarea[data-draft]");
const fault = document.querySelector("#comment-fault");
const emoji = /(?![©®™])\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{20E3}/u;

if (field) {
  const key = `draft ${field.dataset.draft}`;
  const saved = document.querySelector("[role=status]")?.textContent.includes("comment is saved");
  if (saved) sessionStorage.removeItem(key);
  else if (!field.value) field.value = sessionStorage.getItem(key) ?? "";

  field.addEventListener("input", () => {
    if (field.value) sessionStorage.setItem(key, field.value);
    else sessionStorage.removeItem(key);
    const found = emoji.exec(field.value)?.[0];
    fault.hidden = found === undefined;
    fault.textContent =
      found === undefined ? "" : `Aircall takes no emoji in comments. Take ${found} out and save again.`;
    field.setCustomValidity(fault.textContent);
    field.toggleAttribute("aria-invalid", found !== undefined);
  });
}
