import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import { createSimulator } from "express-aircall/simulator";

const { createApp } = await import(process.env.APP);
const simulator = createSimulator({ kind: true, calls: 0 });
await simulator.listen();
const callbackUrl = "http://localhost:3000/auth/aircall/callback";
const server = createApp({ ...simulator.oauth, callbackUrl }).listen(0);
await once(server, "listening");
after(() => Promise.all([server.close(), simulator.close()]));

test("shows the calls that were missed, and no others", async () => {
  const cookie = await simulator.signIn(server, { headers: { Host: "localhost:3000" } });
  const [missed] = simulator.addCalls([{ missed_call_reason: "no_available_agent" }]);
  simulator.addCalls([{ answered_at: Math.floor(Date.now() / 1000) - 60 }]);
  const answer = await fetch(`http://localhost:${server.address().port}/missed`, { headers: { cookie } });
  assert.deepEqual(
    (await answer.json()).map(({ id }) => id),
    [missed.id],
  );
});
