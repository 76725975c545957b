/* What a row offers is seen whole, wherever in the window the row is. */

export function showMenus() {
  // The event goes no further than the menu itself.
  document.addEventListener("toggle", showWhole, { capture: true });
}

function showWhole({ target: menu }) {
  if (menu.open && menu.matches(".menu")) menu.querySelector("div").scrollIntoView({ block: "nearest" });
}
