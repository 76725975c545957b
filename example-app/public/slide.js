/* What stands elsewhere after a change slides there, and what one reads stays where it is: nothing jumps. */

const slideMs = 250;

/* What may come to stand elsewhere: on the board, and on the page of a caller. */
const parts = [
  "main > *",
  ...[".list > *", ".tabs > *", ".callers > *", ".caller > *", ".side", ".side dd"],
  ...[".call > *", ".card > *", ".history > *", ".comments > *"],
].join();

let sliding = null;

/* Once what slides has come to its place. */
export async function slideAfter(change) {
  while (sliding) await sliding;
  const shown = [...document.querySelectorAll(parts)].filter((part) => part.getClientRects().length > 0);
  const places = new Map(shown.map((part) => [part, placeOf(part)]));
  change();
  for (const part of places.keys()) if (!part.isConnected) places.delete(part);
  keepInView(places);
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const moves = new Map([...places].map(([part, was]) => [part, between(was, placeOf(part))]));
  // What it is in slides with it.
  const moveOfParent = (part) => moves.get(part.parentElement.closest(parts)) ?? [0, 0];
  const slides = [...moves].map(([part, move]) => slide(part, between(moveOfParent(part), move))).filter(Boolean);
  if (slides.length > 0) sliding = play(slides).finally(() => (sliding = null));
}

/* All stand where they stood for a frame, however late that comes, and have a frame at their place before anything else. */
async function play(slides) {
  await frames(2);
  for (const slide of slides) slide.play();
  await Promise.allSettled(slides.map(({ finished }) => finished));
  await frames(2);
}

async function frames(count) {
  for (let left = count; left > 0; left -= 1) await new Promise(requestAnimationFrame);
}

/* Who has scrolled goes on at what was first in the window; the browser's own way to do so comes too late for slides. */
function keepInView(places) {
  if (scrollY === 0) return;
  const [first, was] = [...places].find(([, [, top]]) => top >= 0) ?? [];
  if (first) scrollBy(0, between(was, placeOf(first))[1]);
}

function slide(part, [right, down]) {
  if (right === 0 && down === 0) return null;
  const way = { translate: [`${-right}px ${-down}px`, "0 0"] };
  const slide = part.animate(way, { duration: slideMs, easing: "ease-out" });
  slide.pause();
  return slide;
}

function between([left, top], [leftNow, topNow]) {
  return [leftNow - left, topNow - top];
}

function placeOf(part) {
  const { left, top } = part.getBoundingClientRect();
  return [left, top];
}
