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
  for (const [index, node] of wanted.entries()) {
    const present = old.childNodes[index];
    if (!present) old.append(node);
    else if (!isAlike(present, node)) present.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) morph(present, node);
    else if (present.nodeValue !== node.nodeValue) present.nodeValue = node.nodeValue;
  }
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

function isAlike(one, other) {
  if (one.nodeName !== other.nodeName) return false;
  const source = (node) => (node.nodeName === "AUDIO" ? node.getAttribute("src") : (node.className ?? ""));
  return one.nodeType !== Node.ELEMENT_NODE || source(one) === source(other) || one.nodeName === "LI";
}

function isOfTheVisitor(element, name) {
  return name === "open" && element.nodeName === "DETAILS";
}
