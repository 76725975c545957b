import type { SimulatorOptions, WebhookEvent } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../../support/servers/simulated";
import { apiOf, appOf } from "../../support/servers/simulated-api";
import { startReceiver, status } from "../../support/servers/webhook-receiver";

const resources: Record<string, string> = {
  call: "call",
  user: "user",
  number: "number",
  contact: "contact",
  message: "message",
  group_message: "message",
  ai_voice_agent: "ai_voice_agent",
  analytics: "analytics",
  outbound_campaign: "outbound_campaign",
  integration: "integration",
};

async function start(options: SimulatorOptions = {}, answer?: Parameters<typeof startReceiver>[0]) {
  const simulator = await startSimulator(options);
  const receiver = await startReceiver(answer);
  return { simulator, receiver };
}

describe("an event of the simulator", () => {
  it("arrives in the envelope that Aircall sends, for each of the 68", async () => {
    const clock = stoppedClock();
    const { simulator, receiver } = await start({ now: clock.now });
    const { token, events } = simulator.addWebhook({ url: receiver.url, madeByApp: true });

    for (const event of events) simulator.emit(event);
    await simulator.settled();

    expect(receiver.received).toHaveLength(68);
    for (const { body, headers } of receiver.received) {
      expect(Object.keys(body)).toEqual(["resource", "event", "timestamp", "token", "data"]);
      const resource = resources[body.event.split(".")[0]!] ?? "conversation_intelligence";
      expect(body).toMatchObject({ resource, timestamp: Math.floor(clock.now() / 1000), token });
      expect(Object.keys(body.data).length).toBeGreaterThan(1);
      expect(headers).toMatchObject({ "content-type": "application/json", "aircall-origin": "webhooks" });
      expect(headers["user-agent"]).toMatch(/^axios/);
    }
    expect(receiver.events().toSorted()).toEqual([...events].sort());
  });

  it("has what the test says put over its data, and a key less where that is undefined", async () => {
    const { simulator, receiver } = await start();
    const call = simulator.companies[0].calls.at(-1)!;
    simulator.addWebhook({ url: receiver.url });

    simulator.emit("call.ended", { id: call.id, direction: "outbound", tags: undefined });
    await simulator.settled();

    const { data } = receiver.received[0]!.body;
    expect(data).toMatchObject({ id: call.id, call_uuid: call.sid, direction: "outbound" });
    expect(data).not.toHaveProperty("tags");
  });

  it("is about another call each time, which can be read", async () => {
    const { simulator, receiver } = await start();
    simulator.addWebhook({ url: receiver.url });

    simulator.emit("call.created");
    simulator.emit("call.created");
    await simulator.settled();

    const ids = receiver.received.map(({ body }) => body.data["id"] as number);
    expect(new Set(ids).size).toBe(2);
    expect((await apiOf(simulator).get(`/v1/calls/${ids[0]}`)).body.call.status).toBe("initial");
  });

  it("that there is not is refused with the one that was meant, unless all of it is given", async () => {
    const { simulator, receiver } = await start();
    simulator.addWebhook({ url: receiver.url });

    expect(() => simulator.emit("call.endd")).toThrow(/no event call\.endd\. Did you mean call\.ended\?/);
    simulator.emit("team.created", { id: 7 });
    await simulator.settled();

    expect(receiver.received[0]!.body).toMatchObject({ event: "team.created", resource: "team", data: { id: 7 } });
  });

  it("goes to the webhooks that are active and asked for it", async () => {
    const { simulator, receiver } = await start();
    const other = await startReceiver();
    simulator.addWebhook({ url: receiver.url, events: ["call.ended"] });
    simulator.addWebhook({ url: other.url }).active = false;
    simulator.addWebhook({ url: other.url, companyId: simulator.companies[1].id });

    simulator.emit("call.ended");
    simulator.emit("call.tagged");
    await simulator.settled();

    expect([receiver.events(), other.events()]).toEqual([["call.ended"], []]);
  });

  it("about a call goes to an app only for the numbers it was given, to an API key for all", async () => {
    const { simulator, receiver } = await start();
    const [company] = simulator.companies;
    const keys = await startReceiver();
    simulator.addWebhook({ url: receiver.url, madeByApp: true, events: ["call.ended", "message.sent"] });
    simulator.addWebhook({ url: keys.url, events: ["call.ended"] });
    const [, ...others] = company.integration.number_ids;
    company.integration.number_ids = others;

    for (const { users: _, ...number } of company.numbers) simulator.addCalls([{ status: "done", number }]);
    simulator.emit("message.sent");
    await simulator.settled();

    const numbers = (one: typeof keys) =>
      one.received.flatMap(({ body }) =>
        body.event === "call.ended" ? [(body.data["number"] as { id: number }).id] : [],
      );
    expect(numbers(receiver).sort()).toEqual([...others].sort());
    expect(numbers(keys)).toHaveLength(company.numbers.length);
    expect(receiver.events()).toContain("message.sent");
  });

  it("integration.deleted comes without an id, to the app that was uninstalled alone, whose webhooks are gone", async () => {
    const { simulator, receiver } = await start();
    const [company] = simulator.companies;
    const app = appOf(simulator);
    await app.post("/v1/webhooks").send({ url: receiver.url });
    const keys = await startReceiver();
    simulator.addWebhook({ url: keys.url });

    simulator.revoke(company.id);
    simulator.emit("call.ended");
    await simulator.settled();

    const data = { integration_id: company.integration.id, company_id: company.id };
    expect(receiver.received.map(({ body }) => [body.event, body.data])).toEqual([["integration.deleted", data]]);
    expect(keys.events()).toEqual(["call.ended"]);
  });

  it("is told again with the same body, on request", async () => {
    const { simulator, receiver } = await start();
    simulator.addWebhook({ url: receiver.url });
    const [delivery] = simulator.emit("call.ended");
    await simulator.settled();

    expect([simulator.sendAgain(delivery!.id), simulator.sendAgain(999)]).toEqual([true, false]);
    await simulator.settled();

    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]!.raw).toBe(receiver.received[0]!.raw);
    expect(simulator.deliveries.map(({ state }) => state)).toEqual(["delivered", "delivered"]);
  });
});

describe("a delivery that fails", () => {
  const quick = { webhooks: { retryMs: 0 } };

  it.each([301, 400, 401, 500])("is sent again after %d, until it arrives", async (answer) => {
    const { simulator, receiver } = await start(quick, (res, _received, count) => {
      res.writeHead(count < 3 ? answer : 204).end();
    });
    simulator.addWebhook({ url: receiver.url });

    simulator.emit("call.ended");
    await simulator.settled();

    const [delivery] = simulator.deliveries;
    expect(delivery!.attempts.map((attempt) => attempt.status)).toEqual([answer, answer, 204]);
    expect(new Set(receiver.received.map(({ raw }) => raw)).size).toBe(1);
  });

  it("waits as the schedule says, its last pause for all that follow", async () => {
    const { simulator, receiver } = await start({ webhooks: { retryMs: [5, 30], attempts: 4 } }, status(500));
    simulator.addWebhook({ url: receiver.url });
    const started = performance.now();

    simulator.emit("call.ended");
    await simulator.settled();

    expect(performance.now() - started).toBeGreaterThanOrEqual(64);
    expect(simulator.deliveries[0]).toMatchObject({ state: "given_up", attempts: { length: 4 } });
  });

  it("failed when the receiver takes too long, though it answers then", async () => {
    const webhooks = { timeoutMs: 20, retryMs: 0, attempts: 1 };
    const { simulator, receiver } = await start({ webhooks }, (res) => void setTimeout(() => res.end(), 60).unref());
    simulator.addWebhook({ url: receiver.url });

    simulator.emit("call.ended");
    await simulator.settled();

    const [attempt] = simulator.deliveries[0]!.attempts;
    expect(attempt).toMatchObject({ status: null, reason: "no answer within 0.02 s" });
  });

  it("says why where nobody listens, and where the connection breaks", async () => {
    const { simulator, receiver } = await start({ webhooks: { attempts: 1 } }, (res) => void res.destroy());
    const gone = await startReceiver();
    await gone.close();
    for (const { url } of [receiver, gone]) simulator.addWebhook({ url });

    simulator.emit("call.ended");
    await simulator.settled();

    expect(simulator.deliveries.map(({ attempts }) => attempts[0]!.reason)).toEqual(["ECONNRESET", "ECONNREFUSED"]);
  });

  it("switches its webhook off after so many failures in a row; a success switches it on", async () => {
    let up = false;
    const answer = (res: Parameters<ReturnType<typeof status>>[0]) => void res.writeHead(up ? 200 : 503).end();
    const webhooks = { retryMs: [0, 0, 0, 40], attempts: 1_000, disableAfter: 3 };
    const { simulator, receiver } = await start({ webhooks }, answer);
    const webhook = simulator.addWebhook({ url: receiver.url });
    simulator.emit("call.ended");
    while (webhook.active) await new Promise((resolve) => setTimeout(resolve, 1));

    const whileOff = simulator.emit("call.tagged");
    up = true;
    await simulator.settled();

    expect(whileOff).toEqual([]);
    expect(simulator.deliveries[0]!.attempts.length).toBeGreaterThanOrEqual(4);
    expect([webhook.active, simulator.deliveries[0]!.state]).toEqual([true, "delivered"]);
  });

  it("leaves its webhook on where another has arrived in between", async () => {
    const { simulator, receiver } = await start(
      { webhooks: { attempts: 1, disableAfter: 3 } },
      (res, _received, count) => void res.writeHead(count % 3 === 0 ? 200 : 500).end(),
    );
    const webhook = simulator.addWebhook({ url: receiver.url });
    for (let count = 0; count < 8; count += 1) {
      simulator.emit("call.ended");
      await simulator.settled();
    }

    expect([receiver.received.length, webhook.active]).toEqual([8, true]);
  });

  it("given up leaves its webhook off until somebody switches it on", async () => {
    const { simulator, receiver } = await start(
      { webhooks: { retryMs: 0, attempts: 3, disableAfter: 3 } },
      status(500),
    );
    const api = apiOf(simulator);
    const { webhook_id, events } = simulator.addWebhook({ url: receiver.url, events: ["call.ended"] });
    const path = `/v1/webhooks/${webhook_id}`;
    simulator.emit("call.ended");
    await simulator.settled();
    const off = (await api.get(path)).body.webhook.active as boolean;

    const on = (await api.put(path).send({ active: true, events })).body.webhook.active as boolean;
    simulator.emit("call.ended");
    await simulator.settled();

    expect([off, on]).toEqual([false, true]);
    expect(receiver.received).toHaveLength(6);

    await api.put(path).send({ active: true, events });
    simulator.changeWebhooks({ attempts: 2 });
    simulator.emit("call.ended");
    await simulator.settled();
    expect((await api.get(path)).body.webhook.active).toBe(true); // it counts from nothing again
  });

  it("does not switch on what a person switched off, and ends where the webhook is deleted", async () => {
    let up = false;
    const { simulator, receiver } = await start(
      { webhooks: { retryMs: 20 } },
      (res) => void res.writeHead(up ? 200 : 500).end(),
    );
    const api = apiOf(simulator);
    const kept = simulator.addWebhook({ url: receiver.url, events: ["call.ended"] });
    const deleted = simulator.addWebhook({ url: receiver.url, events: ["call.tagged"] });
    const events = ["call.ended", "call.tagged"] as WebhookEvent[];
    for (const event of events) simulator.emit(event);
    while (simulator.deliveries.some(({ attempts }) => attempts.length === 0)) await api.get("/v1/ping");

    await api.put(`/v1/webhooks/${kept.webhook_id}`).send({ active: false, events: ["call.ended"] });
    await api.delete(`/v1/webhooks/${deleted.webhook_id}`);
    up = true;
    await simulator.settled();

    expect(simulator.deliveries.map(({ event, state }) => [event, state])).toEqual([
      ["call.ended", "delivered"],
      ["call.tagged", "given_up"],
    ]);
    expect(kept.active).toBe(false);
  });

  it("is given up when the simulator is closed", async () => {
    const { simulator, receiver } = await start({ webhooks: { retryMs: 60_000 } }, status(500));
    simulator.addWebhook({ url: receiver.url });
    simulator.emit("call.ended");
    while (simulator.deliveries[0]!.attempts.length === 0) await new Promise((resolve) => setImmediate(resolve));

    await simulator.close();
    await simulator.settled();

    expect(simulator.deliveries[0]!.state).toBe("given_up");
  });
});

describe("on request, webhooks are sent", () => {
  const chances = (...values: number[]) => {
    let at = 0;
    return () => values[at++ % values.length]!;
  };

  it("twice, with the same body", async () => {
    const { simulator, receiver } = await start({ webhooks: { duplicate: 1 } });
    simulator.addWebhook({ url: receiver.url });
    simulator.emit("call.ended");
    await simulator.settled();

    expect(receiver.received.map(({ raw }) => raw)).toEqual(Array(2).fill(receiver.received[0]!.raw));
  });

  it("less often than they happen, and as before once that is over", async () => {
    const { simulator, receiver } = await start({ random: chances(0, 0.2, 0, 0.9), webhooks: { drop: 0.3 } });
    simulator.addWebhook({ url: receiver.url, events: ["call.ended"] });
    for (let count = 0; count < 10; count += 1) simulator.emit("call.ended");
    simulator.changeWebhooks({ drop: 0 });
    simulator.emit("call.ended");
    await simulator.settled();

    const dropped = simulator.deliveries.filter(({ state }) => state === "dropped");
    expect(dropped.length).toBeGreaterThan(0);
    expect(receiver.received).toHaveLength(11 - dropped.length);
    expect(dropped[0]!.attempts).toEqual([]);
  });

  it("in another order than they happened", async () => {
    const { simulator, receiver } = await start({ webhooks: { holdMs: 10 } });
    simulator.addWebhook({ url: receiver.url, events: ["call.created", "call.ended"] });
    const { id } = simulator.companies[0].calls.at(-1)!;

    simulator.changeWebhooks({ reorder: 1 });
    simulator.emit("call.created", { id });
    simulator.changeWebhooks({ reorder: 0 });
    simulator.emit("call.ended", { id });
    await simulator.settled();

    expect(receiver.events()).toEqual(["call.ended", "call.created"]);
  });

  it("otherwise in the order in which they happened to one call", async () => {
    let [open, most] = [0, 0];
    const { simulator, receiver } = await start({}, async (res) => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
      open -= 1;
      res.end();
    });
    simulator.addWebhook({ url: receiver.url, events: ["call.created", "call.hungup", "call.ended"] });
    simulator.addCalls([{ missed_call_reason: "no_available_agent" }]);
    await simulator.settled();

    expect([receiver.events(), most]).toEqual([["call.created", "call.hungup", "call.ended"], 1]);
  });

  it("with timestamps in milliseconds", async () => {
    const clock = stoppedClock(Date.UTC(2026, 10, 18) + 123);
    const { simulator, receiver } = await start({ now: clock.now, webhooks: { milliseconds: true } });
    simulator.addWebhook({ url: receiver.url });
    simulator.emit("message.received");
    await simulator.settled();

    expect(receiver.received[0]!.body.timestamp).toBe(clock.now());
  });

  it.each<[object, RegExp]>([
    [{ dorp: 1 }, /webhooks has no option "dorp"/],
    [{ drop: 2 }, /drop goes from 0 to 1/],
    [{ retryMs: [] }, /retryMs/],
    [{ attempts: 0 }, /attempts is a whole number from 1/],
    [{ timeoutMs: -1 }, /timeoutMs is a number of milliseconds/],
  ])("not with %j", async (webhooks, message) => {
    await expect(startSimulator({ webhooks })).rejects.toThrow(message);
  });
});
