/* What stands elsewhere after a change slides there, and what one reads stays where it is: nothing jumps. */

const slideMs = 250;

/* What may come to stand elsewhere: on the board, and on the page of a caller. */
const parts = [
  "main > *",
  ...[".list > *", ".tabs > *", ".callers > *", ".caller > *", ".side", ".side dd"],
  ...[".call > *", ".card > *", ".history > *", ".comments > *"],
].join();

/* What slides now, and what is to change as soon as it has come to its place. */
let slides = [];
const changes = [];
let busy = false;

/* Nobody sees a page that is hidden, and no frame comes there. */
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const slide of slides) slide.finish();
});

/* At once, or together with whatever else comes while something slides: half a second later at most. */
export function slideAfter(change) {
  return new Promise((resolve, reject) => {
    changes.push({ change, resolve, reject });
    if (!busy) void slideAll();
  });
}

async function slideAll() {
  busy = true;
  try {
    while (changes.length > 0) {
      slides = makeChanges();
      if (slides.length > 0) await play();
    }
  } finally {
    busy = false;
  }
}

/* Answers what begins to slide. */
function makeChanges() {
  const shown = [...document.querySelectorAll(parts)].filter((part) => part.getClientRects().length > 0);
  const places = new Map(shown.map((part) => [part, placeOf(part)]));
  for (const { change, resolve, reject } of changes.splice(0)) {
    try {
      resolve(change());
    } catch (error) {
      reject(error);
    }
  }
  for (const part of places.keys()) if (!part.isConnected) places.delete(part);
  keepInView(places);
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return [];
  const moves = new Map([...places].map(([part, was]) => [part, between(was, placeOf(part))]));
  // What it is in slides with it.
  const moveOfParent = (part) => moves.get(part.parentElement.closest(parts)) ?? [0, 0];
  return [...moves].map(([part, move]) => slide(part, between(moveOfParent(part), move))).filter(Boolean);
}

/* All stand where they stood for a frame, however late that comes, and have a frame at their place before anything else. */
async function play() {
  await frames(2);
  if (!document.hidden) for (const slide of slides) slide.play();
  await Promise.allSettled(slides.map(({ finished }) => finished));
  await frames(2);
}

async function frames(count) {
  for (let left = count; left > 0 && !document.hidden; left -= 1) await frame();
}

function frame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
}

/* Who has scrolled goes on at what was first in the window; the browser's own way to do so comes too late for slides. */
function keepInView(places) {
  if (scrollY === 0) return;
  // A notice stands at the top of the window, whatever is below.
  const [first, was] = [...places].find(([part, [, top]]) => top >= 0 && !part.matches(".notice")) ?? [];
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
