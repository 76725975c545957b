import type { SimulatorOptions, WebhookEvent } from "express-aircall/simulator";
import { startSimulator } from "../../support/servers/simulated";
import { startReceiver } from "../../support/servers/webhook-receiver";

/** The data of these events, in their order, sent one by one. */
async function dataOf(events: readonly WebhookEvent[], options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  const receiver = await startReceiver();
  simulator.addWebhook({ url: receiver.url, madeByApp: true });
  for (const event of events) {
    simulator.emit(event);
    await simulator.settled();
  }
  return { simulator, data: receiver.received.map(({ body }) => body.data) };
}

type Data = Record<string, unknown>;

describe("the body of an event", () => {
  it("of a call has other names than its answer, and absolute addresses", async () => {
    const { simulator, data } = await dataOf(["call.answered", "call.comm_assets_generated"]);
    const [answered, heard] = data as [Data, Data];

    expect(answered).toMatchObject({ status: "answered", call_uuid: expect.stringMatching(/^CA/), recording: null });
    expect(answered).not.toHaveProperty("sid");
    expect(answered["participants"]).toMatchObject([{ type: "user" }, { phone_number: answered["raw_digits"] }]);
    expect(answered["number"]).toHaveProperty("e164_digits", expect.stringMatching(/^\+\d{8,15}$/));
    expect(answered["number"]).not.toHaveProperty("priority");
    expect(answered["direct_link"]).toBe(`${simulator.url}/v1/calls/${String(answered["id"])}`);
    expect((await fetch(String(heard["recording"]))).status).toBe(200);
  });

  it.each<WebhookEvent>(["call.created", "call.voicemail_left", "call.archived"])(
    "of %s that nobody answered has no user: the key is absent",
    async (event) => {
      const { data } = await dataOf([event]);
      expect(data[0]).not.toHaveProperty("user");
      expect(data[0]).toMatchObject({
        answered_at: null,
        missed_call_reason: event === "call.voicemail_left" ? "agents_did_not_answer" : null,
      });
    },
  );

  it("of a missed call's hungup and end has no user, and a duration", async () => {
    const simulator = await startSimulator();
    const receiver = await startReceiver();
    simulator.addWebhook({ url: receiver.url, events: ["call.hungup", "call.ended"] });
    simulator.addCalls([{ missed_call_reason: "agents_did_not_answer" }]);
    await simulator.settled();

    expect(receiver.received).toHaveLength(2);
    for (const { body } of receiver.received) {
      expect(body.data).not.toHaveProperty("user");
      expect(body.data).toMatchObject({ status: "done", missed_call_reason: "agents_did_not_answer" });
      expect(body.data["duration"]).toBeGreaterThan(0);
    }
  });

  it("of a call has tags with when and by whom, or an empty object where asked for", async () => {
    const [tagged] = (await dataOf(["call.tagged"])).data as [Data];
    const [queued] = (await dataOf(["call.tagged"], { webhooks: { emptyTaggedBy: true } })).data as [Data];

    expect(tagged["tags"]).toMatchObject([{ tagged_at: expect.any(Number), tagged_by: { id: expect.any(Number) } }]);
    expect((queued["tags"] as { tagged_by: object }[])[0]!.tagged_by).toEqual({});
  });

  it("is as bare as those of 2022 where asked for", async () => {
    const events: WebhookEvent[] = ["call.answered", "number.opened", "contact.updated"];
    const { data } = await dataOf(events, { webhooks: { bare: true } });
    const [call, number, contact] = data as [Data, Data, Data];

    for (const key of ["contact", "assigned_to", "call_uuid", "participants", "sid"])
      expect(call).not.toHaveProperty(key);
    for (const key of ["priority", "created_at", "e164_digits"]) expect(number).not.toHaveProperty(key);
    expect(number["messages"]).toMatchObject({ closed: null, callback_later: null });
    expect(contact["updated_at"]).toEqual(expect.any(Number));
  });

  it("of a contact has dates as text", async () => {
    const { data } = await dataOf(["contact.created"]);
    expect(data[0]!["created_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("of a message names who sent it, and nobody where it came in", async () => {
    const { data } = await dataOf(["message.sent", "message.received"]);
    expect(data[0]).toMatchObject({ direction: "outbound", user: { id: expect.any(Number) }, channel: null });
    expect(data[1]).toMatchObject({
      direction: "inbound",
      status: "received",
      raw_digits: expect.stringMatching(/^\d+$/),
    });
    expect(data[1]).not.toHaveProperty("user");
  });

  it("of a user has the numbers in the first version alone", async () => {
    const { data } = await dataOf(["user.opened", "user.opened.v2"]);
    expect((data[0]!["numbers"] as object[]).length).toBeGreaterThan(0);
    expect(data[0]!["numbers"]).toMatchObject([{ messages: {} }, {}]);
    expect(data[1]).not.toHaveProperty("numbers");
  });

  it("of utterances has moments of its own, and of an outcome both ids alike", async () => {
    const events: WebhookEvent[] = [
      "realtime_transcription.utterances_received",
      "outbound_campaign.outcome_recorded",
      "ai_voice_agent.summary",
      "analytics.report_created",
    ];
    const { data } = await dataOf(events);
    const [said, outcome, summary, report] = data as [Data, Data, Data, Data];

    expect(said).toMatchObject({ id: expect.any(String), call: { uuid: expect.any(String), direction: "inbound" } });
    const [utterance] = said["utterances"] as object[];
    expect(utterance).toMatchObject({
      timestamp: expect.any(Number),
      duration_ms: 5_200,
      language: expect.any(String),
    });
    expect(utterance).not.toHaveProperty("start_time");
    expect(outcome["id"]).toBe(outcome["attempt_id"]);
    expect(summary["id"]).toBe(summary["call_id"]);
    expect(report["download_url"]).toMatch(/^http.*\.csv/);
  });
});
