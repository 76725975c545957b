import type { Call, MissedCallReason } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

async function start() {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now });
  const read = async ({ id }: Call) => (await apiOf(simulator).get(`/v1/calls/${id}`)).body.call as Call;
  return { simulator, read, now: clock.now() / 1000 };
}

const reasons: readonly MissedCallReason[] = [
  "out_of_opening_hours",
  "short_abandoned",
  "abandoned_in_ivr",
  "abandoned_in_classic",
  "no_available_agent",
  "agents_did_not_answer",
];

describe("a call that is added to the simulator", () => {
  it.each(reasons)("was missed just now when its missed_call_reason is %s", async (missed_call_reason) => {
    const { simulator, read, now } = await start();

    const calls = simulator.addCalls(Array<Partial<Call>>(20).fill({ missed_call_reason }));

    const over = { status: "done", answered_at: null, recording: null, user: null, direction: "inbound" };
    for (const call of calls) {
      expect(call).toMatchObject({ ...over, missed_call_reason, voicemail: null });
      expect(call.ended_at! - call.started_at).toBe(call.duration);
      expect(now - call.ended_at!).toBe(30);
    }
    expect(await read(calls[0]!)).toMatchObject({ ...over, missed_call_reason });
  });

  it("was missed too when a voicemail was left, and can be heard", async () => {
    const { simulator, read } = await start();
    const [call] = simulator.addCalls([{ id: 7, voicemail: "/assets/voicemail/7" }]);
    expect(await read(call!)).toMatchObject({
      status: "done",
      answered_at: null,
      voicemail: expect.stringMatching(/^http/),
    });
  });

  it("was missed when it says, where it says when", async () => {
    const { simulator, now } = await start();
    const started_at = now - 3_600;
    const [call] = simulator.addCalls([{ started_at, missed_call_reason: "no_available_agent" }]);
    expect(call).toMatchObject({ started_at, status: "done" });
    expect(call!.ended_at).toBeGreaterThan(started_at);
  });

  it("was answered where somebody is talking, has a time of answer or a recording", async () => {
    const { simulator, read, now } = await start();

    const given: Partial<Call>[] = [
      { status: "answered" },
      { answered_at: now },
      { recording: "/assets/recording/9", id: 9 },
    ];
    const [talking, answered, recorded] = simulator.addCalls(given);

    expect(await read(talking!)).toMatchObject({ status: "answered", answered_at: now, ended_at: null });
    expect(await read(answered!)).toMatchObject({ status: "answered", answered_at: now, ended_at: null });
    expect(await read(recorded!)).toMatchObject({ status: "done", recording: expect.stringMatching(/^http/) });
    expect([talking!.user, recorded!.user]).not.toContain(null);
  });

  it("is over and can be read as such when its status is done", async () => {
    const { simulator, read } = await start();
    const calls = simulator.addCalls(Array<Partial<Call>>(10).fill({ status: "done" }));
    for (const call of calls) expect(await read(call)).toMatchObject({ status: "done", ended_at: expect.any(Number) });
  });

  it("rings when nothing is said", async () => {
    const { simulator, read } = await start();
    for (const call of simulator.addCalls(10))
      expect(await read(call)).toMatchObject({ status: "initial", ended_at: null });
  });
});
