import request from "supertest";
import { createSimulator, type FaultRule, type Simulator } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

function ping(simulator: Simulator) {
  const { user, password } = simulator.basic;
  return request(simulator.url).get("/v1/ping").auth(user, password);
}

function comment(simulator: Simulator) {
  const { user, password } = simulator.basic;
  const call = simulator.companies[0].calls.find(({ comments }) => comments.length === 0);
  const sent = request(simulator.url)
    .post(`/v1/calls/${call?.id}/comments`)
    .auth(user, password)
    .send({ content: "Hi" });
  return { call, sent };
}

describe("fail", () => {
  it("answers with the status that was asked for, as often as asked", async () => {
    const simulator = await startSimulator();
    simulator.fail({ status: 503, times: 2 });

    const statuses = [await ping(simulator), await ping(simulator), await ping(simulator)].map(({ status }) => status);

    expect(statuses).toEqual([503, 503, 200]);
  });

  it("strikes only what matches, in the order of the rules", async () => {
    const simulator = await startSimulator();
    simulator.fail({ match: { path: "/v1/ping", method: "post" }, status: 500 });
    simulator.fail({ match: { path: /^\/v1\/p/g, method: "get" }, status: 502, times: 1 });
    simulator.fail({ match: { path: "/v1/ping" }, status: 504 });

    const statuses = [await ping(simulator), await ping(simulator)].map(({ status }) => status);
    const other = await request(simulator.url).get("/oauth/success");

    expect([...statuses, other.status]).toEqual([502, 504, 200]);
  });

  it("takes a path as routes are written: a segment such as :id stands for any one", async () => {
    const simulator = await startSimulator();
    simulator.fail({ match: { path: "/v1/calls/:id" }, status: 503 });
    simulator.fail({ match: { path: "/v1/calls/:id/comments" }, status: 504 });

    const paths = ["/v1/calls/7", "/v1/calls/7/comments", "/v1/calls/7/tags", "/v1/calls/", "/v1/calls"];
    const answers = await Promise.all(paths.map((path) => request(simulator.url).get(path)));

    expect(answers.map(({ status }) => status).slice(0, 2)).toEqual([503, 504]);
    expect(answers.slice(2).every(({ status }) => status < 500)).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /^fail\(\) takes an object\. Known: match, times, latencyMs, status, .*rateLimited\.$/],
    ["a misspelt match", { mach: { path: "/v1/calls" }, status: 503 }, /no option "mach"\. Known: match, /],
    ["a misspelt status", { match: { path: "/v1/calls" }, state: 503 }, /no option "state"\. .* status, /],
    ["a misspelt path", { match: { pth: "/v1/calls" }, status: 503 }, /match has no option "pth"\. .* method, path\./],
    ["a path for a match", { match: "/v1/calls", status: 503 }, /match takes an object\. Known: method, path\./],
    ["a path that no request has", { match: { path: "GET /v1/calls" }, status: 503 }, /match\.path begins with "\/"/],
    ["a query in the path", { match: { path: "/v1/calls?page=2" }, status: 503 }, /ends before the query/],
    ["a rule that does nothing", { match: { path: "/v1/calls" }, times: 1 }, /does nothing\. .* status, /],
    ["an effect switched off", { hang: false }, /does nothing/],
    ["a status that is none", { status: "503" }, /status is a whole number from 200 to 599/],
    ["another moment to reset", { reset: "during" }, /reset is "before" or "after"/],
    ["a misspelt reset", { rateLimited: { resetSeconds: 3 } }, /rateLimited has .*"resetSeconds"\. Known: resetInSec/],
  ])("refuses %s, and strikes nothing", async (_what, rule, message) => {
    const simulator = await startSimulator();

    expect(() => simulator.fail(rule as FaultRule)).toThrow(message);

    expect((await ping(simulator)).status).toBe(200);
  });

  it("is over once removed or cleared", async () => {
    const simulator = await startSimulator();
    const remove = simulator.fail({ status: 500 });
    simulator.fail({ status: 502 });

    const before = await ping(simulator);
    remove();
    const between = await ping(simulator);
    simulator.clearFaults();

    expect([before.status, between.status, (await ping(simulator)).status]).toEqual([500, 502, 200]);
  });

  it("answers with the body that was asked for: JSON, or a proxy's page", async () => {
    const simulator = await startSimulator();
    simulator.fail({ times: 1, body: { error: "invalid_grant" }, status: 400 });
    simulator.fail({ times: 1, body: "<h1>Bad gateway</h1>", status: 502 });

    const [json, page] = [await ping(simulator), await ping(simulator)];

    expect([json.status, json.body]).toEqual([400, { error: "invalid_grant" }]);
    expect([page.status, page.type, page.text]).toEqual([502, "text/html", "<h1>Bad gateway</h1>"]);
  });

  it("answers JSON that cannot be parsed", async () => {
    const simulator = await startSimulator();
    simulator.fail({ brokenJson: true });
    const { user, password } = simulator.basic;

    const answer = await fetch(`${simulator.url}/v1/ping`, {
      headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
    });

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
    await expect(answer.json()).rejects.toThrow(/JSON/);
  });

  it("pretends that the rate limit is reached", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });
    simulator.fail({ rateLimited: { resetInSeconds: 30 } });

    const answer = await ping(simulator);

    expect([answer.status, answer.get("X-AircallApi-Remaining")]).toEqual([429, "0"]);
    expect(answer.get("X-AircallApi-Reset")).toBe(String(clock.now() / 1000 + 30));
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("resets the connection %s acting", async (reset, comments) => {
    const simulator = await startSimulator();
    simulator.fail({ reset });
    const { call, sent } = comment(simulator);

    await expect(sent).rejects.toMatchObject({ code: "ECONNRESET" });

    expect(call?.comments).toHaveLength(comments);
    expect(simulator.requests).toMatchObject([{ method: "POST", status: null }]);
  });

  it("is late, then goes on", async () => {
    const simulator = await startSimulator();
    simulator.fail({ latencyMs: 60 });
    const started = performance.now();

    const { status } = await ping(simulator);

    expect(status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it("never answers, until the client or the simulator gives up", async () => {
    const simulator = createSimulator();
    await simulator.listen();
    simulator.fail({ hang: true });

    const hanging = expect(ping(simulator)).rejects.toMatchObject({ code: "ECONNRESET" });
    while (simulator.requests.length === 0) await new Promise(setImmediate);
    await simulator.close();

    await hanging;
  });
});
