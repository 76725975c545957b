import type { SimulatorOptions } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../../support/servers/simulated";
import { apiOf, type Api } from "../../support/servers/simulated-api";
import { startReceiver } from "../../support/servers/webhook-receiver";

const to = "+33199001234";

async function start(options: SimulatorOptions = {}) {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now, ...options });
  const receiver = await startReceiver();
  simulator.addWebhook({ url: receiver.url });
  const [company] = simulator.companies;
  /** What arrives for what happens meanwhile. */
  async function told(happens: (api: Api) => Promise<unknown>): Promise<string[]> {
    const before = receiver.received.length;
    await happens(apiOf(simulator));
    await simulator.settled();
    return receiver.events().slice(before);
  }
  return { clock, simulator, receiver, company, told };
}

describe("what changes over HTTP is told to webhooks", () => {
  it("of contacts, and of what they can be reached by", async () => {
    const { told, company } = await start();
    const { id } = company.contacts[0]!;

    const all = [
      await told((api) => api.post("/v1/contacts").send({ first_name: "Ana", phone_numbers: [{ value: to }] })),
      await told((api) => api.post(`/v1/contacts/${id}`).send({ last_name: "Diaz" })),
      await told((api) => api.post(`/v1/contacts/${id}/phone_details`).send({ value: to })),
      await told((api) => api.delete(`/v1/contacts/${id}`)),
    ];

    expect(all).toEqual([["contact.created"], ["contact.updated"], ["contact.updated"], ["contact.deleted"]]);
  });

  it("of calls: notes, tags that are new, the archive", async () => {
    const { told, company, receiver } = await start();
    const { id } = company.calls.find(({ tags }) => tags.length === 0)!;
    const tags = [company.tags[0]!.id];
    const url = `/v1/calls/${id}`;

    const all = [
      await told((api) => api.post(`${url}/comments`).send({ content: "Wants a quote" })),
      await told((api) => api.post(`${url}/tags`).send({ tags })),
      await told((api) => api.post(`${url}/tags`).send({ tags })),
      await told((api) => api.put(`${url}/archive`)),
      await told((api) => api.put(`${url}/unarchive`)),
      await told((api) => api.post(`${url}/comments`).send({ content: "" })),
    ];

    expect(all).toEqual([["call.commented"], ["call.tagged"], [], ["call.archived"], [], []]);
    expect(receiver.received[0]!.body.data).toMatchObject({
      id,
      comments: expect.arrayContaining([expect.objectContaining({ content: "Wants a quote" })]),
    });
  });

  it("of a call that a user was told to start, as time goes by", async () => {
    const { told, company, clock, receiver } = await start({ entitlements: { conversationIntelligence: false } });
    const number = company.numbers[0]!;
    const user = company.users.find(({ available, id }) => available && number.users.some((one) => one.id === id))!;
    user.wrap_up_time = 0;
    const pass = (seconds: number) => () => Promise.resolve(clock.forward(seconds * 1_000));

    const all = [
      await told((api) => api.post(`/v1/users/${user.id}/calls`).send({ to, number_id: number.id })),
      await told(pass(5)),
      await told(pass(60)),
      await told(pass(29)),
      await told(pass(1)),
      await told(pass(30)),
    ];

    const steps = [
      ["call.created"],
      ["call.answered"],
      ["call.hungup"],
      [],
      ["call.ended"],
      ["call.comm_assets_generated"],
    ];
    expect(all).toEqual(steps);
    const [created] = receiver.received;
    expect(created!.body.data).toMatchObject({ direction: "outbound", status: "initial", user: { id: user.id } });
  });

  it("of several calls in the order of time, though nobody has looked meanwhile", async () => {
    const { company, clock, simulator } = await start();
    const number = company.numbers[0]!;
    const user = company.users.find(({ available, id }) => available && number.users.some((one) => one.id === id))!;
    const dial = () => apiOf(simulator).post(`/v1/users/${user.id}/calls`).send({ to, number_id: number.id });

    await dial();
    clock.forward(2_000);
    await dial();
    clock.forward(300_000);
    await simulator.settled();

    const moments = simulator.deliveries.map(({ at }) => at);
    expect(moments.length).toBeGreaterThan(10);
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  });

  it("of a call that was handed to somebody, or outside", async () => {
    const { told, simulator, company, receiver } = await start();
    const [talking, ringing] = simulator.addCalls([
      { status: "answered", direction: "inbound" },
      { direction: "inbound" },
    ]);
    const user = company.users.find(({ available }) => available)!;

    const all = [
      await told((api) => api.post(`/v1/calls/${talking!.id}/transfers`).send({ user_id: user.id })),
      await told((api) => api.post(`/v1/calls/${ringing!.id}/transfers`).send({ number: to })),
    ];

    // What addCalls has told comes with the first.
    expect(all.map((events) => events.at(-1))).toEqual(["call.transferred", "call.external_transferred"]);
    const [handed, outside] = receiver.received.slice(-2);
    expect(handed!.body.data).toMatchObject({
      transferred_to: { id: user.id },
      transferred_by: { id: expect.any(Number) },
    });
    expect(outside!.body.data).toMatchObject({ external_transferred_to: to });
  });

  it("of users: invited, away and back, deleted once they are gone", async () => {
    const { told, company, clock, receiver } = await start();
    const { id } = company.users.find(({ available }) => available)!;
    const url = `/v2/users/${id}`;
    const ana = { email: "ana@example.com", first_name: "Ana", last_name: "Diaz" };

    const all = [
      await told((api) => api.post("/v2/users").send(ana)),
      await told((api) => api.put(url).send({ availability_status: "unavailable", substatus: "on_a_break" })),
      await told((api) => api.put(url).send({ availability_status: "available" })),
      await told((api) => api.delete(`/v1/users/${id}`)),
      await told(() => Promise.resolve(clock.forward(60_000))),
    ];

    const both = (event: string) => [`user.${event}.v2`, `user.${event}`];
    const closed = [...both("closed"), ...both("closed")];
    expect(all).toEqual([both("created"), closed, both("opened"), [], both("deleted")]);
    const pair = receiver.received.filter(({ body }) => body.event === "user.closed.v2").map(({ body }) => body.data);
    expect(pair[0]).not.toHaveProperty("substatus");
    expect(pair[1]).toMatchObject({ id, substatus: "on_a_break" });
  });

  it("of numbers, of reports and of AI voice agents", async () => {
    const { told, company, clock } = await start();
    const { id } = company.numbers[0]!;
    const report = { reportName: "CALLS_HISTORY", filter: { dateFilter: { relative: "TODAY" }, timezone: "Etc/UTC" } };
    const aiva = { contact_phone: to, idempotency_key: "k" };

    const all = [
      await told((api) => api.put(`/v1/numbers/${id}`).send({ availability_status: "closed" })),
      await told((api) => api.put(`/v1/numbers/${id}`).send({ availability_status: "open" })),
      await told((api) => api.post("/v1/analytics/report/export").send({ input: report })),
      await told(() => Promise.resolve(clock.forward(1_000))),
      await told((api) => api.post(`/v1/outbound-calls/agents/${company.aiVoiceAgents[0]!.id}`).send(aiva)),
      await told(() => Promise.resolve(clock.forward(60_000))),
    ];

    const agent = (event: string) => `ai_voice_agent.${event}`;
    expect(all).toEqual([
      ["number.closed"],
      ["number.opened"],
      [],
      ["analytics.report_created"],
      [agent("started")],
      [agent("ended"), agent("summary")],
    ]);
  });

  it("of messages, with the id of the answer", async () => {
    const { told, company, receiver } = await start();
    const { id } = company.numbers[0]!;
    let answered: unknown;

    const one = await told(async (api) => {
      answered = (await api.post(`/v1/numbers/${id}/messages/native/send`).send({ to, body: "Hello" })).body;
    });
    const group = { participants: [to, "+33199001235"], body: "Hello" };
    const many = await told((api) => api.post(`/v1/numbers/${id}/messages/group/native/send`).send(group));

    expect([one, many]).toEqual([
      ["message.sent", "message.status_updated"],
      ["group_message.sent", "group_message.status_updated"],
    ]);
    expect(receiver.received[1]!.body.data).toMatchObject({ id: (answered as { id: string }).id, status: "delivered" });
    expect(receiver.received[2]!.body.data).toMatchObject({ participants: ["33199001234", "33199001235"] });
  });
});

describe("a number with a messaging configuration", () => {
  it("tells its own address, by another name, in milliseconds and once, and no webhook", async () => {
    const { simulator, company, receiver, clock } = await start({ webhooks: { retryMs: 0 } });
    const own = await startReceiver((res) => void res.writeHead(500).end());
    const api = apiOf(simulator);
    const { id } = company.numbers[0]!;
    for (const number of company.numbers) {
      await api.post(`/v1/numbers/${number.id}/messages/configuration`).send({ callbackUrl: own.url });
    }
    const { token } = company.messaging.configurations.get(id)!;

    await api.post(`/v1/numbers/${id}/messages/send`).send({ to, body: "Hello" });
    simulator.emit("message.received");
    await simulator.settled();

    expect(receiver.received).toEqual([]);
    const bodies = own.received.map(({ body }) => body);
    expect(bodies.map((body) => body.event_name).sort()).toEqual(["message.received", "message.updated"]);
    for (const body of bodies) {
      expect(Object.keys(body)).toEqual(["event_name", "timestamp", "token", "data"]);
      expect(body).toMatchObject({ timestamp: clock.now(), token });
    }
    expect(simulator.deliveries.map(({ webhookId, state }) => [webhookId, state])).toEqual([
      [null, "given_up"],
      [null, "given_up"],
    ]);
  });
});
