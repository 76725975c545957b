/* A page that stands for another, until that can be shown: counts down, asks, and goes there by itself. */

const mostSeconds = 60;
const line = document.getElementById("retry");
let waitSeconds = Number(line.dataset.seconds);
let left = waitSeconds;

setInterval(() => {
  left -= 1;
  if (left > 0) line.textContent = `This page tries again by itself in ${left === 1 ? "1 second" : `${left} seconds`}.`;
  else if (left === 0) void tryAgain();
}, 1_000);

/* Not by leaving the page: who reads it is to see it change only when there is something else to see. */
async function tryAgain() {
  line.textContent = "Trying again…";
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Look": "1" } }).catch(() => null);
  if (answer && (answer.ok || answer.status === 401 || answer.redirected)) return location.reload();
  waitSeconds = Math.min(mostSeconds, waitSeconds * 2);
  left = Number(answer?.headers.get("retry-after") ?? 0) || waitSeconds;
}
