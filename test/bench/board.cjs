// What a view of the example app's board costs its server: a week of 7,000 calls, 750 callers waiting. `npm run build`
// first. "after a change" is the first view, or live update, after somebody has taken a caller.
const { performance } = require("node:perf_hooks");
const { circumstances, median, round1 } = require("./child.cjs");
const app = "../../example-app/dist";
const { boardModel } = require(`${app}/board/render.js`);
const { readView } = require(`${app}/board/view.js`);
const { figuresOf } = require(`${app}/glance/figures.js`);
const { createZones } = require(`${app}/glance/zones.js`);
const { memoryState } = require(`${app}/mirror/memory-state.js`);
const { createMirror } = require(`${app}/mirror/mirror.js`);

const company = "own";
const now = Math.floor(Date.now() / 1000);
const lane = { remaining: null, queued: 0 };
const budget = { limit: null, remaining: null, reset: null, queued: 0, lanes: { interactive: lane, bulk: lane } };

void main();

async function main() {
  const mirror = createMirror({ state: memoryState(), everyMs: 3_600_000 });
  await mirror.put(
    company,
    Array.from({ length: 7_000 }, (_, index) => callOf(index)),
  );
  const board = { mirror, key: company, company: { client: { budget }, toldBy: "events" } };
  const view = () => boardModel(board, readView({}), null);
  const { counts } = view();
  const figures = () =>
    figuresOf(mirror.calls(company), { day: null, line: null }, { hours: null, zones: createZones(), now });
  const seen = {
    "a view of the board": await timed(view),
    "after a change": await timed(view, (n) => mirror.write(company, "takes", { x: String(n) })),
    "after a call": await timed(view, (n) => mirror.put(company, [{ ...callOf(0), comments: n, seenAt: now + n }])),
    "the week at a glance": await timed(figures),
  };
  console.log(`\nMilliseconds of the server for ${counts.waiting + counts.tried} callers, ${circumstances()}`);
  console.table(seen);
  await mirror.close();
}

async function timed(work, before = async () => undefined) {
  const times = [];
  for (let round = 0; round < 60; round += 1) {
    await before(round);
    const startedAt = performance.now();
    work();
    times.push(performance.now() - startedAt);
  }
  return round1(median(times));
}

/** Of 3,000 numbers; one call in four is missed. */
function callOf(index) {
  const number = `+44770${1_000_000 + ((index * 7_919) % 3_000)}`;
  const startedAt = now - index * 86;
  const answeredAt = index % 4 === 0 ? null : startedAt + 5;
  const line = { id: 1 + (index % 5), name: `Line ${index % 5}`, timeZone: "Europe/London" };
  const agent = answeredAt && { id: 1 + (index % 20), name: `Agent ${index % 20}` };
  return {
    ...{ id: index + 1, direction: "inbound", status: "done", number, digits: number, name: null, line, agent },
    ...{ assignedTo: null, teams: [], startedAt, answeredAt, endedAt: startedAt + 60, missedReason: null },
    ...{ voicemail: false, comments: 0, tags: [], archived: false, seenAt: now },
  };
}
