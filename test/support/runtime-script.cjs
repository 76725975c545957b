// The same small program on every runtime: a page of calls, 500 of them one by one, a part of a recording, an event.
const { createAircallClient } = require("../../dist/index.js");
const { parseAircallEvent } = require("../../dist/webhooks/parse/index.js");

async function main([apiUrl, user, password]) {
  const aircall = createAircallClient({ apiUrl, user, password });
  const { items } = await aircall.calls.list({ per_page: 20 });
  const ids = new Set();
  let recorded = null;
  for await (const call of aircall.calls.iterate()) {
    ids.add(call.id);
    recorded ??= call.recording && call.id;
    if (ids.size === 500) break;
  }
  const { status, body } = await aircall.calls.recording(recorded, { range: "bytes=100-1099" });
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  await aircall.close();
  const event = {
    resource: "call",
    event: "call.ended",
    timestamp: 1_790_000_123,
    token: "its-token",
    data: { id: 7 },
  };
  const { name } = await parseAircallEvent(JSON.stringify(event), { tokens: ["its-token"] });
  const { code } = await parseAircallEvent(JSON.stringify(event), { tokens: ["another"] }).catch((error) => error);
  console.log(JSON.stringify({ page: items.length, ids: ids.size, status, bytes, name, code }));
}

void main(process.argv.slice(2));
