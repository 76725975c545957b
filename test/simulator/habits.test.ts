import { createSimulator, type Call, type Simulator, type SimulatorOptions } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

async function start(options: SimulatorOptions = {}) {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now, ...options });
  return { clock, simulator, api: apiOf(simulator), seconds: () => clock.now() / 1000 };
}

/** Adds a call that somebody answered and that ended so many seconds ago. */
function justEnded(simulator: Simulator, ended_at: number, given: Partial<Call> = {}): Call {
  const number = simulator.companies[0].numbers.find(({ live_recording_activated: records }) => records)!;
  const times = { started_at: ended_at - 70, answered_at: ended_at - 60, ended_at };
  const recording = "/assets/recording/7";
  return simulator.addCalls([{ id: 7, number, ...times, recording, asset: "/assets/7", ...given }])[0]!;
}

describe("the simulator's headers of the rate limit", () => {
  it.each([
    [{}, [null, "1"]],
    [{ rateHeaders: "limited" }, [null, "1"]],
    [{ rateHeaders: "always" }, ["1", "1"]],
    [{ kind: true }, ["1", "1"]],
    [{ rateHeaders: "never" }, [null, null]],
    [{ kind: true, rateHeaders: "never" }, [null, null]],
  ] as const)("with %j are these on a good answer, and on a 429", async (options, seen) => {
    const { api } = await start({ rateLimit: 1, ...options });
    const answers = [await api.get("/v1/ping"), await api.get("/v1/ping")];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers.map((answer) => answer.get("X-AircallApi-Limit") ?? null)).toEqual(seen);
  });

  it("are on no 429 by a fault either, when there are never any", async () => {
    const { api, simulator } = await start({ rateHeaders: "never" });
    simulator.fail({ rateLimited: true });
    expect((await api.get("/v1/ping")).get("X-AircallApi-Reset")).toBeUndefined();
  });
});

describe("a list of the simulator", () => {
  it("is missing in one answer of so many, in any list's", async () => {
    const { api } = await start({ emptyAnswerEvery: 3 });
    const paths = ["calls", "users?page=1", "tags", "calls", "ping", "teams", "numbers"];

    const bodies = [];
    for (const path of paths) bodies.push((await api.get(`/${path.startsWith("users") ? "v2" : "v1"}/${path}`)).body);

    expect(bodies.map((body) => Object.keys(body as object)[0] ?? null)).toEqual([
      "meta",
      "meta",
      null,
      "meta",
      "ping",
      "meta",
      null,
    ]);
  });

  it.each([
    [{}, 1],
    [{ kind: true }, 0],
  ])("is missing with %j in %i of 500", async (options, count) => {
    const { simulator } = await start({ rateLimit: 1_000, callsPerDay: 0, ...options });
    const headers = { Authorization: `Bearer ${simulator.issueToken().access_token}` };
    const readTags = async (): Promise<object> =>
      (await fetch(`${simulator.url}/v1/tags?per_page=1`, { headers })).json() as Promise<object>;

    const bodies = await Promise.all(Array.from({ length: 500 }, readTags));

    const missing = bodies.filter((body) => Object.keys(body).length === 0).length;
    expect(missing).toBe(count);
  });
});

describe("a call that has ended at the simulator", () => {
  it("goes on for half a minute where it is read, and its recording comes half a minute later", async () => {
    const { api, clock, simulator, seconds } = await start();
    justEnded(simulator, seconds());
    const read = async () => (await api.get("/v1/calls/7")).body.call as Call;

    clock.forward(29_999);
    expect(await read()).toMatchObject({ status: "answered", ended_at: null, duration: 0, recording: null });
    clock.forward(1);
    expect(await read()).toMatchObject({ status: "done", duration: 70, recording: null, asset: null });
    clock.forward(29_999);
    expect((await read()).recording).toBeNull();
    clock.forward(1);
    expect((await read()).recording).toMatch(/^http/);
  });

  it("rings on when nobody answered, without a reason", async () => {
    const { api, simulator, seconds } = await start();
    const missed = { answered_at: null, recording: null, missed_call_reason: "no_available_agent" } as const;
    justEnded(simulator, seconds(), missed);

    const { body } = await api.get("/v1/calls/7");

    expect(body.call).toMatchObject({ status: "initial", missed_call_reason: null, ended_at: null });
  });

  it("is understood later than it can be heard", async () => {
    const { api, clock, simulator, seconds } = await start();
    justEnded(simulator, seconds());
    const insights = ["summary", "transcription", "topics", "playbook_result"];
    const statuses = () => Promise.all(insights.map(async (path) => (await api.get(`/v1/calls/7/${path}`)).status));

    clock.forward(119_999);
    expect(await statuses()).toEqual([404, 404, 404, 404]);
    clock.forward(1);
    expect(await statuses()).toEqual([200, 200, 200, 200]);
  });

  it("is known at once to those who ask for a kind simulator", async () => {
    const { api, simulator, seconds } = await start({ kind: true });
    justEnded(simulator, seconds());

    const { body } = await api.get("/v1/calls/7");

    expect(body.call).toMatchObject({ status: "done", recording: expect.stringMatching(/^http/) });
    expect((await api.get("/v1/calls/7/summary")).status).toBe(200);
  });
});

describe("what is deleted at the simulator", () => {
  it("stays as long as asked, and is gone at once for who asks for that", async () => {
    for (const [options, before] of [
      [{ deletionSeconds: 5 }, 200],
      [{ kind: true }, 404],
    ] as const) {
      const { api, clock, simulator } = await start(options);
      const url = `/v2/users/${simulator.companies[0].users[1]!.id}`;

      await api.delete(url.replace("v2", "v1")).expect(204);
      const statuses = [(await api.get(url)).status];
      clock.forward(5_000);
      statuses.push((await api.get(url)).status);

      expect(statuses).toEqual([before, 404]);
    }
  });

  it("shows in what a test looks at, without a request", async () => {
    const { api, clock, simulator } = await start();
    const count = simulator.companies[0].users.length;
    await api.delete(`/v1/users/${simulator.companies[0].users[1]!.id}`);
    clock.forward(60_000);
    expect(simulator.companies[0].users).toHaveLength(count - 1);
  });
});

describe("calls of AI voice agents at the simulator", () => {
  async function startCalls(options: SimulatorOptions, requests: readonly object[]) {
    const { api, clock, simulator } = await start(options);
    const url = `/v1/outbound-calls/agents/${simulator.companies[0].aiVoiceAgents[0]!.id}`;
    for (const [at, request] of requests.entries()) {
      await api
        .post(url)
        .send({ contact_phone: `+3319900123${at}`, idempotency_key: `k-${at}`, ...request })
        .expect(202);
    }
    return { clock, statuses: () => simulator.aiVoiceCalls.map(({ status }) => status) };
  }

  it("run five at a time, and the others wait until they expire", async () => {
    const { clock, statuses } = await startCalls({}, [{}, {}, {}, {}, {}, {}, { expiration_seconds: 60 }]);

    const running = Array(5).fill("IN_PROGRESS");
    expect(statuses()).toEqual([...running, "PENDING", "PENDING"]);
    clock.forward(60_000);
    expect(statuses()).toEqual([...Array(5).fill("COMPLETED"), "IN_PROGRESS", "FAILED"]);
  });

  it("run one at a time to a number", async () => {
    const { statuses } = await startCalls({}, [
      { contact_phone: "+33199001239" },
      { contact_phone: "+33199001239" },
      {},
    ]);
    expect(statuses()).toEqual(["IN_PROGRESS", "PENDING", "IN_PROGRESS"]);
  });

  it("wait for nothing at a kind one", async () => {
    const { statuses } = await startCalls({ kind: true }, Array(7).fill({ contact_phone: "+33199001239" }));
    expect(statuses()).toEqual(Array(7).fill("IN_PROGRESS"));
  });
});

describe("a recording's address at the simulator", () => {
  it.each([
    [{}, 400],
    [{ kind: true }, 200],
    [{ secondCredential: "ignored" }, 200],
  ] as const)("with %j answers a credential that comes along with %i", async (options, status) => {
    const { api, simulator } = await start(options);
    const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
    const { recording } = (await api.get(`/v1/calls/${id}`)).body.call as { recording: string };

    const answer = await fetch(recording, { headers: { Authorization: "Bearer leaked" } });

    expect(answer.status).toBe(status);
    if (status === 400) expect(await answer.text()).toContain("<Code>InvalidArgument</Code>");
    expect((await fetch(recording)).status).toBe(200);
  });
});

describe("habits that cannot be", () => {
  it.each([
    { rateHeaders: "sometimes" },
    { secondCredential: "used" },
    { searchLagSeconds: -1 },
    { callEndLagSeconds: NaN },
    { assetDelaySeconds: Infinity },
    { deletionSeconds: -1 },
    { emptyAnswerEvery: 0.5 },
    { aiVoiceCallsAtOnce: 0 },
  ])("are refused: %j", (options) => {
    expect(() => createSimulator(options as SimulatorOptions)).toThrow(Object.keys(options)[0]);
  });
});
