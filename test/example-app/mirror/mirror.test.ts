import { agentStates } from "../../../example-app/mirror/agents";
import { openMirror, until } from "./opened-mirror";

const nobodyPickedUp = { missed_call_reason: "agents_did_not_answer" } as const;

describe("the mirror of a company's calls", () => {
  it("holds the week, filled once by a walk, and says how far it is", async () => {
    const { simulator, mirror, company, calls } = await openMirror({ callsPerDay: 60 });
    expect(mirror.progress("own").state).toBe("empty");
    const seen: number[] = [];
    mirror.onChange("own", () => seen.push(mirror.progress("own").fetched));
    await Promise.all([mirror.open(company), mirror.open(company)]);
    await until(() => mirror.progress("own").state === "full");

    const weekAgo = Date.now() / 1000 - 7 * 86_400;
    const week = simulator.companies[0].calls.filter(({ started_at }) => started_at > weekAgo);
    expect(calls().map(({ id }) => id)).toEqual(week.map(({ id }) => id));
    expect(mirror.progress("own")).toMatchObject({
      fetched: week.length,
      total: week.length,
      dropped: 0,
      trouble: null,
    });
    expect(new Set(seen).size).toBeGreaterThan(2);
    const { requests } = simulator;
    expect(requests.filter(({ path }) => path === "/v1/calls").length).toBeLessThan(
      2 * Math.ceil(week.length / 50) + 2,
    );
  });

  it("has the newest calls first", async () => {
    const { simulator, mirror, company, calls } = await openMirror({ callsPerDay: 60 });
    const newest = simulator.companies[0].calls.at(-1)!.id;
    let first: number | undefined;
    mirror.onChange("own", () => (first ??= calls().at(-1)?.id));
    await mirror.open(company);
    await until(() => first !== undefined);
    expect(first).toBe(newest);
  });

  it("is kept by events: a call comes, is missed, leaves a voicemail, is commented on and archived", async () => {
    const { simulator, mirror, company, events, calls } = await openMirror({ callsPerDay: 5 });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    await events.subscribe(null);
    const call = await simulator.playCall({ outcome: "missed", call: { voicemail: "https://example.com/v" } });
    const kept = () => mirror.call("own", call.id);
    await until(() => kept()?.status === "done");
    expect(kept()).toMatchObject({ direction: "inbound", answeredAt: null, endedAt: call.ended_at });
    expect(kept()?.number).toBe(call.raw_digits.replace(/[^+\d]/g, ""));

    const before = call.comments.length;
    await company.client.calls.comment(call.id, { content: "Ring before noon." });
    await company.client.calls.archive(call.id);
    await until(() => kept()?.archived === true && kept()?.comments === before + 1);
    expect(calls()).toContain(kept());
  });

  it("finds by itself what happened while it was filled and nobody was told", async () => {
    const { simulator, mirror, company } = await openMirror({ callsPerDay: 120 });
    let late: number | undefined;
    mirror.onChange("own", () => (late ??= simulator.addCalls([nobodyPickedUp])[0]?.id));
    await mirror.open(company);
    await until(() => late !== undefined && mirror.call("own", late) !== undefined);
  });

  it("goes on at its cursor when Aircall fails in between, and says meanwhile what stands in the way", async () => {
    const { simulator, mirror, company, calls } = await openMirror({ callsPerDay: 60 });
    simulator.fail({ match: { path: "/v1/calls" }, times: 1, status: 418 });
    await mirror.open(company);
    await until(() => mirror.progress("own").trouble !== null);
    await until(() => mirror.progress("own").state === "full");
    expect(mirror.progress("own").trouble).toBeNull();
    expect(calls().length).toBe(mirror.progress("own").total);
  });

  it("keeps no more than it may, the newest, and says how many it left out", async () => {
    const { simulator, mirror, company, calls } = await openMirror({ callsPerDay: 60 }, { most: 100 });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    expect(calls()).toHaveLength(100);
    expect(calls().at(-1)?.id).toBe(simulator.companies[0].calls.at(-1)?.id);
    const { dropped, total, completeFrom } = mirror.progress("own");
    expect([dropped, completeFrom]).toEqual([total! - 100, calls()[0]!.startedAt]);
  });

  it("drops what is older than a week", async () => {
    let days = 0;
    const now = () => Date.now() + days * 86_400_000;
    const { mirror, company, calls } = await openMirror({ callsPerDay: 20 }, { now });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    const before = calls().length;
    days = 3;
    await until(() => calls().length < before);
    expect(calls().every(({ startedAt }) => startedAt > now() / 1000 - 7 * 86_400)).toBe(true);
  });

  it("asks whether Aircall is there when nothing was heard for a minute, for as long as somebody looks", async () => {
    let later = 0;
    const { simulator, mirror, company } = await openMirror({ callsPerDay: 5 }, { now: () => Date.now() + later });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    simulator.fail({ match: { path: "/v1/ping" }, status: 503 });
    const stop = mirror.onChange("own", () => undefined);
    later = 61_000;
    await until(() => mirror.progress("own").trouble?.code !== undefined);
    simulator.clearFaults();
    await until(() => mirror.progress("own").trouble === null);
    stop();
    expect(simulator.requests.some(({ path }) => path === "/v1/ping")).toBe(true);
  });

  it("looks at agents and the latest calls each minute where Aircall tells nothing, for as long as somebody looks", async () => {
    let later = 0;
    const now = () => Date.now() + later;
    const { simulator, mirror, company, calls } = await openMirror({ callsPerDay: 20 }, { now, toldBy: "lists" });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    const agent = simulator.companies[0].users.find(({ available }) => available)!;
    const call = simulator.companies[0].calls.findLast(({ missed_call_reason }) => missed_call_reason)!;
    Object.assign(agent, { available: false, availability_status: "unavailable" });
    Object.assign(call, { archived: true, comments: [{ id: 1, content: "x", posted_at: 0, posted_by: null }] });
    const unseen = calls();
    later = 61_000;
    simulator.clearRequests();
    const stop = mirror.onChange("own", () => undefined);
    await until(() => agentStates(mirror, "own").find(({ id }) => id === agent.id)?.doing === "away");
    await until(() => mirror.call("own", call.id)?.archived === true);
    expect(mirror.call("own", call.id)?.comments).toBe(1);
    expect(agentStates(mirror, "own").find(({ id }) => id === agent.id)?.since).toBeGreaterThan(0);
    // What was told anew says of one call only something new.
    expect(
      calls()
        .filter((one) => !unseen.includes(one))
        .map(({ id }) => id),
    ).toEqual([call.id]);
    const paths = simulator.requests.filter(({ query }) => !query.includes("to=")).map(({ path }) => path);
    expect(paths).toEqual(["/v2/users", "/v1/calls"]);
    stop();
  });

  it("forgets a company that has left", async () => {
    const { mirror, company, calls } = await openMirror({ callsPerDay: 20 });
    await mirror.open(company);
    await until(() => mirror.progress("own").state === "full");
    await mirror.forget("own");
    expect([calls(), mirror.progress("own").state]).toEqual([[], "empty"]);
  });
});
