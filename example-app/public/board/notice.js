/* What was done is said for half a minute: after that it would be read as news. */
import { slideAfter } from "../slide.js";

const shownMs = 30_000;

let timer = 0;

export function letNoticeGo() {
  clearTimeout(timer);
  timer = setTimeout(() => void slideAfter(() => document.querySelector("main > .notice")?.remove()), shownMs);
}
