import type { Simulator } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const to = "+33199001234";
const callbackUrl = "https://example.com/messages";

async function start() {
  const simulator = await startSimulator();
  const [number] = simulator.companies[0].numbers;
  return { simulator, api: apiOf(simulator), number: number!, path: `/v1/numbers/${number!.id}/messages` };
}

function sent({ messages }: Simulator) {
  return messages.map(({ channel, mode, to, body }) => [channel, mode, to, body]);
}

describe("a message at the simulator", () => {
  it("goes from the agents' conversation until the number is configured, and again afterwards", async () => {
    const { simulator, api, path } = await start();
    const native = () => api.post(`${path}/native/send`).send({ to, body: "Hello" });

    const before = await native();
    const configured = await api.post(`${path}/configuration`).send({ callbackUrl });
    const refused = await native();
    const removed = await api.delete(`${path}/configuration`);
    const after = await native();

    expect([before.status, configured.status, refused.status, removed.status, after.status]).toEqual([
      200, 200, 403, 204, 200,
    ]);
    expect(refused.body).toEqual({ message: expect.any(String), key: "LineIsNotNativeException" });
    expect(sent(simulator)).toEqual([
      ["sms", "native", [to], "Hello"],
      ["sms", "native", [to], "Hello"],
    ]);
  });

  it("needs a configured number to go past the agents", async () => {
    const { simulator, api, path } = await start();
    const send = () => api.post(`${path}/send`).send({ to, mediaUrl: ["https://example.com/a.png"] });

    const refused = await send();
    const { body } = await api.post(`${path}/configuration`).send({ callbackUrl });
    const accepted = await send();

    expect([refused.status, accepted.status, accepted.body.status]).toEqual([403, 200, "pending"]);
    expect((await api.get(`${path}/configuration`)).body).toEqual({ token: body.token, callbackUrl, type: "sms" });
    expect(sent(simulator)).toEqual([["sms", "api", [to], null]]);
  });

  it("has no configuration to show before there is one", async () => {
    const { api, path } = await start();
    expect((await api.get(`${path}/configuration`)).status).toBe(404);
    expect((await api.delete(`${path}/configuration`)).status).toBe(404);
  });

  it("goes to a group of nine at most", async () => {
    const { simulator, api, path } = await start();
    const participants = Array.from({ length: 9 }, (_, last) => `+3319900123${last}`);
    const send = (to: readonly string[]) =>
      api.post(`${path}/group/native/send`).send({ participants: to, body: "Hi" });

    const accepted = await send(participants);
    const refused = await send([...participants, "+33199001299"]);

    expect([accepted.status, refused.status]).toEqual([200, 400]);
    expect(accepted.body.participants).toEqual(participants.map((digits) => digits.slice(1)));
    expect(simulator.messages.map((message) => message.to)).toEqual([participants]);
  });

  it.each([
    ["to its own number", (own: string) => ({ to: own, body: "Hello" }), "SameDestinationAsSender"],
    ["with nothing in it", () => ({ to }), "InvalidPayload"],
  ])("is refused %s", async (_what, message, key) => {
    const { simulator, api, number, path } = await start();
    await api.post(`${path}/configuration`).send({});

    const answer = await api.post(`${path}/send`).send(message(number.digits.replace(/[ -]/g, "")));

    expect([answer.status, answer.body.key, simulator.messages]).toEqual([400, key, []]);
  });
});

describe("WhatsApp at the simulator", () => {
  it("takes a text or a template, from the number that is connected", async () => {
    const { simulator, api, number } = await start();
    const send = (content: object) => api.post("/v1/messages/whatsapp/send").send({ to, ...content });
    const templateParams = { id: "t1", body: [{ key: "name", value: "Bo" }] };

    const statuses = [
      (await send({ lineId: number.id, text: "Hello" })).status,
      (await send({ lineId: number.id, templateParams })).status,
      (await send({ lineId: number.id, text: "Hello", templateParams })).status,
      (await send({ lineId: number.id })).status,
      (await send({ lineId: number.id + 1, text: "Hello" })).status,
    ];

    expect(statuses).toEqual([200, 200, 400, 400, 400]);
    expect(simulator.messages.map(({ body, templateId }) => [body, templateId])).toEqual([
      ["Hello", null],
      [null, "t1"],
    ]);
  });

  it("says which number is connected", async () => {
    const { api, number } = await start();
    const status = async (id: number) =>
      (await api.get(`/v1/numbers/${id}/whatsapp_status`)).body.canSendMessage as boolean;

    expect([await status(number.id), await status(number.id + 1)]).toEqual([true, false]);
  });

  it("pages through its templates by token", async () => {
    const { simulator, api, number } = await start();
    const { templates } = simulator.companies[0].messaging.whatsApp;
    const read = (query: object) => api.get(`/v1/numbers/${number.id}/templates`).query(query);

    const { body: first } = await read({ limit: 4 });
    const { body: last } = await read({ limit: 4, token: first.pageInfo.nextToken });
    const { body: approved } = await read({ category: "UTILITY", status: "APPROVED", sort: "desc" });

    expect(first.pageInfo).toEqual({ currentToken: 0, nextToken: 4, totalCount: templates.length });
    expect([...first.templates, ...last.templates]).toEqual(templates);
    expect(last.pageInfo.nextToken).toBeNull();
    expect((approved.templates as { name: string }[]).map(({ name }) => name)).toEqual([
      "appointment_reminder",
      "delivery_today",
      "order_update",
    ]);
  });
});

describe("text templates at the simulator", () => {
  it("are found by their words, up to 100 a page", async () => {
    const { api } = await start();

    const { body } = await api.get("/v1/sms/templates").query({ search: "monday", per_page: 100 });

    expect([body.meta.per_page, body.templates.length, body.templates[0].name]).toEqual([100, 1, "Opening hours"]);
  });
});
