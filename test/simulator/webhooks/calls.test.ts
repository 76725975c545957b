import type { Call, SimulatorOptions } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../../support/servers/simulated";
import { apiOf } from "../../support/servers/simulated-api";
import { startReceiver } from "../../support/servers/webhook-receiver";

const understood = ["transcription", "summary", "topics", "sentiment", "action_item"].map((one) => `${one}.created`);
const withoutWrapUp = (events: string[]) => events.filter((event) => !event.startsWith("user."));

async function start(options: SimulatorOptions = {}, answer?: Parameters<typeof startReceiver>[0]) {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now, ...options });
  const receiver = await startReceiver(answer);
  simulator.addWebhook({ url: receiver.url });
  const { users: _, ...number } = simulator.companies[0].numbers[0]!;
  return { clock, simulator, receiver, number, api: apiOf(simulator) };
}

describe("a call that is played", () => {
  it("is answered from beginning to end, each moment behind the one before, the last of them now", async () => {
    const { simulator, receiver, number, clock } = await start();

    const call = await simulator.playCall({ outcome: "answered", call: { number } });

    const steps = ["created", "ringing_on_agent", "answered", "hungup", "ended", "comm_assets_generated"];
    expect(withoutWrapUp(receiver.events())).toEqual([...steps.map((step) => `call.${step}`), ...understood]);
    const times = receiver.received.map(({ body }) => body.timestamp);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.at(-1)).toBe(clock.now() / 1000);
    const states = receiver.received.slice(0, 4).map(({ body }) => body.data["status"]);
    expect(states).toEqual(["initial", "initial", "answered", "done"]);
    expect(
      new Set(receiver.received.flatMap(({ body }) => (body.resource === "call" ? [body.data["id"]] : []))),
    ).toEqual(new Set([call.id]));
  });

  it.each([
    ["missed", ["created", "ringing_on_agent", "hungup", "ended"], []],
    [
      "voicemail",
      ["created", "ringing_on_agent", "hungup", "ended", "voicemail_left", "comm_assets_generated"],
      ["transcription.created"],
    ],
  ] as const)("is %s", async (outcome, steps, more) => {
    const { simulator, receiver } = await start();

    const call = await simulator.playCall({ outcome });

    expect(receiver.events()).toEqual([...steps.map((step) => `call.${step}`), ...more]);
    expect(call).toMatchObject({ status: "done", answered_at: null, user: null });
  });

  it("rings at the API too while its first event is handled, and is over with its recording in the end", async () => {
    const read: unknown[] = [];
    const { simulator, number, api } = await start({}, async (res, { body }) => {
      if (body.event === "call.created" || body.event === "call.ended") {
        const { call } = (await api.get(`/v1/calls/${String(body.data["id"])}`)).body as { call: Call };
        read.push([call.status, call.recording === null]);
      }
      res.end();
    });

    await simulator.playCall({ outcome: "answered", call: { number } });

    expect(read).toEqual([
      ["initial", true],
      ["done", false],
    ]);
  });

  it("has what is said of it, at another company too", async () => {
    const { simulator } = await start();
    const { id } = simulator.companies[1];

    const call = await simulator.playCall({ companyId: id, call: { raw_digits: "+33199001234" } });

    expect(simulator.companies[1].calls).toContain(call);
    expect(call.raw_digits).toBe("+33199001234");
  });
});

describe("calls that are added", () => {
  it("are told with the moments they had; what is to come is told when it does", async () => {
    const { simulator, receiver, clock } = await start();

    const [call] = simulator.addCalls([
      { missed_call_reason: "agents_did_not_answer", voicemail: "/assets/voicemail/1" },
    ]);
    await simulator.settled();
    const before = receiver.events();
    clock.forward(120_000);
    await simulator.settled();

    expect(before).toEqual(expect.arrayContaining(["call.created", "call.ended", "call.voicemail_left"]));
    expect(receiver.events().slice(before.length)).toContain("transcription.created");
    const created = receiver.received[0]!.body;
    expect(created).toMatchObject({ event: "call.created", timestamp: call!.started_at, data: { status: "initial" } });
  });

  it("ring, or go on", async () => {
    const { simulator, receiver } = await start();

    simulator.addCalls([{ direction: "inbound" }]);
    await simulator.settled();
    simulator.addCalls([{ status: "answered" }]);
    await simulator.settled();

    expect(receiver.events()).toEqual(["call.created", "call.created", "call.answered"]);
  });
});

describe("a simulator that lives", () => {
  it("lets calls come in by themselves, and takes each to its end", async () => {
    let draws = 0;
    const random = () => [0.1, 0.6, 0.3][draws++ % 3]!;
    const { simulator, receiver, clock } = await start({ live: { callsPerMinute: 6 }, random });
    const [company] = simulator.companies;
    const before = company.calls.length;

    for (let minute = 0; minute < 20; minute += 1) {
      clock.forward(60_000);
      await simulator.settled();
    }

    const count = (event: string) => receiver.events().filter((one) => one === event).length;
    const goOn = company.calls.filter(({ status }) => status !== "done");
    expect(company.calls.length - before).toBeGreaterThan(30);
    expect(count("call.created")).toBe(company.calls.length - before);
    expect(company.ongoing).toEqual(goOn);
    expect(count("call.hungup")).toBe(count("call.created") - goOn.length);
    expect(count("call.ended")).toBeGreaterThan(20);
  });

  it("does so without being asked, in real time, until it is closed", async () => {
    const simulator = await startSimulator({ live: { callsPerMinute: 600 } });
    const receiver = await startReceiver();
    simulator.addWebhook({ url: receiver.url, events: ["call.created"] });
    while (receiver.received.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));

    await simulator.close();
    const calls = () => simulator.companies.flatMap((company) => company.calls).length;
    const then = calls();
    await new Promise((resolve) => setTimeout(resolve, 250));

    expect(calls()).toBe(then);
  });

  it.each([0, 601, NaN])("does not let %d calls a minute come in", async (callsPerMinute) => {
    await expect(startSimulator({ live: { callsPerMinute } })).rejects.toThrow("callsPerMinute");
  });
});
