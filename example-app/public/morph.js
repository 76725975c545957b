/* Makes a part of the page read as new HTML does, and leaves all that stays the same as it is: focus, open menus, and a
 * voicemail that plays. */

export function morphInto(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  morphChildren(element, template.content);
}

export function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

export function morph(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isOfTheVisitor(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // What somebody types or chooses now is theirs.
  if (old.matches("input, select, textarea") && old === document.activeElement) return;
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const ids = new Set(wanted.map(({ id }) => id).filter(Boolean));
  let present = old.firstChild;
  for (const node of wanted) {
    while (present?.id && !ids.has(present.id)) present = removed(present);
    const moved = node.id && present?.id !== node.id ? find(old, node.id) : null;
    if (moved) old.insertBefore(moved, present);
    const same = moved ?? (present && isAlike(present, node) ? present : null);
    if (same) update(same, node);
    // What has a name that is wanted further down is not in the way of what comes before it.
    else if (!present || present.id) old.insertBefore(node, present);
    else present = replaced(present, node);
    if (same && !moved) present = present.nextSibling;
  }
  while (present) present = removed(present);
}

function find(parent, id) {
  return [...parent.children].find((child) => child.id === id) ?? null;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function replaced(node, fresh) {
  node.replaceWith(fresh);
  return fresh.nextSibling;
}

function update(node, fresh) {
  if (node.nodeType === Node.ELEMENT_NODE) morph(node, fresh);
  else if (node.nodeValue !== fresh.nodeValue) node.nodeValue = fresh.nodeValue;
}

function isAlike(one, other) {
  if (one.nodeName !== other.nodeName || (one.id ?? "") !== (other.id ?? "")) return false;
  if (one.nodeType !== Node.ELEMENT_NODE || one.id) return true;
  return one.nodeName === "AUDIO"
    ? one.getAttribute("src") === other.getAttribute("src")
    : kindOf(one) === kindOf(other);
}

function kindOf(element) {
  return element.classList[0] ?? "";
}

function isOfTheVisitor(element, name) {
  return (name === "open" || name === "data-side") && element.nodeName === "DETAILS";
}
