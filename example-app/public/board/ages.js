/* Ages grow while one looks. */

const everyMs = 10_000;

export function keepAges() {
  tellAges();
  setInterval(tellAges, everyMs);
  // A sheet of paper does not grow older by itself.
  addEventListener("beforeprint", () => {
    const now = new Date().toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" });
    document.getElementById("printed").textContent = now;
  });
}

export function tellAges() {
  const now = Date.now() / 1000;
  for (const age of document.querySelectorAll("[data-since]")) {
    const { since, overdueAt = Infinity } = age.dataset;
    const words = lengthWords(now - Number(since));
    if (age.textContent !== words) age.textContent = words;
    age.closest(".caller")?.classList.toggle("overdue", now > Number(overdueAt));
  }
}

/* As board/clock.ts says it. */
export function lengthWords(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  if (days > 1) return `${days} days`;
  return hours % 24 === 0 ? "1 day" : `1 day ${hours % 24} h`;
}
