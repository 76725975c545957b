import type { Page } from "playwright-core";

/** Begins to note what moves by itself; what it answers tells of all up to the last frame. */
export async function watchShifts(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(observe);
  return async function shiftsSeen() {
    // A screenshot is a frame.
    await page.screenshot();
    return page.evaluate<string[]>("shifts");
  };
}

const observe = `globalThis.shifts = [];
  const placeOf = ({ x, y }) => x + "," + y;
  const nameOf = (node) => (node?.parentElement ? (node.outerHTML ?? node.parentElement.outerHTML).slice(0, 120) : "what is gone");
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries())
      shifts.push(value + ": " + sources.map(({ node, previousRect, currentRect }) =>
        nameOf(node) + " from " + placeOf(previousRect) + " to " + placeOf(currentRect)).join("; "));
  }).observe({ type: "layout-shift" });`;
