import { freePort } from "../../support/redis/redis-server";
import { startSimulator } from "../../support/servers/simulated";
import { follow, startIn } from "../consumer";
import { startNginx } from "../nginx";

describe("an app behind nginx, which strips a prefix", () => {
  it("signs somebody in, brings them back to the page they wanted, and signs them out", async () => {
    const simulator = await startSimulator();
    const port = await freePort();
    const home = `http://localhost:${port}/tools`;
    const app = await startIn("express-5", "journey.cjs", simulator.oauth, { variables: { PUBLIC: home } });
    const nginx = await startNginx(port, "/tools", app.about["origin"]!);
    try {
      const { person } = app;
      const sentAway = await person.visit(`${home}/calls`);
      expect(sentAway.location).toBe(`/tools/auth/aircall?return_to=${encodeURIComponent("/tools/calls")}`);
      const { status, text } = await follow(person, simulator, sentAway.location);
      expect([status, JSON.parse(text)]).toEqual([200, expect.any(Array)]);

      const headers = { "sec-fetch-site": "same-origin" };
      const left = await person.visit(`${home}/auth/aircall/logout`, { method: "POST", headers });
      expect([left.status, left.location]).toEqual([303, `${home}/`]);
    } finally {
      await nginx.close();
    }
  });
});

describe("an app that is told to end", () => {
  it("answers the request under way, and ends by itself", async () => {
    const simulator = await startSimulator();
    const { person, end } = await startIn("express-5", "journey.cjs", simulator.oauth);
    await follow(person, simulator, "/calls");
    simulator.fail({ match: { path: "/v1/calls" }, latencyMs: 500 });

    const before = simulator.counts.requests;
    const answer = person.visit("/calls", { headers: { connection: "close" } });
    while (simulator.counts.requests === before) await new Promise((resolve) => setTimeout(resolve, 10));
    const ended = end();
    expect([(await answer).status, await ended]).toEqual([200, 0]);
  });
});
