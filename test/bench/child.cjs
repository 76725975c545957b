// A process that is measured, and the few sums a bench needs: `const child = await startChild("route-app.cjs", settings)`.
const { fork } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:net");
const { loadavg } = require("node:os");
const { join } = require("node:path");

/** Resolves, with what the child tells first, once it is ready. */
async function startChild(file, settings, options = {}) {
  const child = fork(join(__dirname, file), [JSON.stringify(settings)], options);
  const [told] = await once(child, "message");
  return { ...told, ask: (message) => ask(child, message), stop: () => child.kill() };
}

async function ask(child, message) {
  child.send(message);
  return (await once(child, "message"))[0];
}

/** `lanes` workers take numbers from 0 to `count` - 1 until none is left. */
async function inLanes(lanes, count, work) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The median of this one over that one, round by round, so that a busy machine weighs on both. */
function ratio(these, those) {
  return Math.round(median(these.map((value, round) => value / those[round])) * 100) / 100;
}

function round1(value) {
  return Math.round(value * 10) / 10;
}

/** The end of a bench's headline. */
function circumstances() {
  return `Node ${process.version}, load ${round1(loadavg()[0])}`;
}

module.exports = { circumstances, freePort, inLanes, median, ratio, round1, startChild };
