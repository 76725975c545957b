import request from "supertest";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

describe("rate limit of the simulator", () => {
  it("counts down for the company, whichever credential is used, and starts again with the next minute", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ kind: true, rateLimit: 2, now: clock.now });
    const { user, password } = simulator.basic;
    const ping = () => request(simulator.url).get("/v1/ping");
    const reset = String(clock.now() / 1000 + 60);

    const first = await ping().auth(user, password);
    const second = await ping().auth(simulator.issueToken().access_token, { type: "bearer" });
    const third = await ping().auth(user, password);
    clock.forward(60_000);
    const later = await ping().auth(user, password);

    const seen = [first, second, third, later].map((answer) => [
      answer.status,
      answer.get("X-AircallApi-Limit"),
      answer.get("X-AircallApi-Remaining"),
    ]);
    expect(seen).toEqual([
      [200, "2", "1"],
      [200, "2", "0"],
      [429, "2", "0"],
      [200, "2", "1"],
    ]);
    expect([first, third].map((answer) => answer.get("X-AircallApi-Reset"))).toEqual([reset, reset]);
  });

  it("lasts as long as asked, says when in milliseconds if asked, and counts whom it refused", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({
      kind: true,
      rateLimit: 1,
      rateWindowSeconds: 5,
      rateResetUnit: "ms",
      now: clock.now,
    });
    const { user, password } = simulator.basic;
    const ping = () => request(simulator.url).get("/v1/ping").auth(user, password);
    const reset = clock.now() + 5_000;

    const within = [await ping(), await ping(), await ping()];
    clock.forward(5_000);
    const next = await ping();

    expect([...within, next].map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect(within.map((answer) => answer.get("X-AircallApi-Reset"))).toEqual(Array(3).fill(String(reset)));
    expect(simulator.counts).toMatchObject({ requests: 4, limited: 2 });
  });

  it("of one company is no concern of the other", async () => {
    const simulator = await startSimulator({ rateLimit: 1 });
    const tokens = simulator.companies.map(({ id }) => simulator.issueToken({ companyId: id }).access_token);

    const answers = await Promise.all(
      tokens.map((token) => request(simulator.url).get("/v1/ping").auth(token, { type: "bearer" })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("says nothing of it to those it does not know", async () => {
    const simulator = await startSimulator();

    const answer = await request(simulator.url).get("/v1/ping").auth("nobody", "x");

    expect(answer.get("X-AircallApi-Limit")).toBeUndefined();
  });
});
