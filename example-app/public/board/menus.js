/* What a row offers is seen whole, wherever in the window the row is, and is chosen by no double click. */

const gap = 8;

export function showMenus() {
  // The event goes no further than the menu itself.
  document.addEventListener("toggle", ({ target }) => target.open && target.matches(".menu") && showWhole(target), {
    capture: true,
  });
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest(".menu > div")) event.preventDefault();
  });
}

/* Above the row where there is no room below: the page stays where it is. */
function showWhole(menu) {
  const panel = menu.querySelector("div");
  delete menu.dataset.side;
  const { bottom, height } = panel.getBoundingClientRect();
  if (bottom + gap <= innerHeight) return;
  if (menu.getBoundingClientRect().top - height - gap > 0) menu.dataset.side = "above";
  else panel.scrollIntoView({ block: "nearest" });
}
