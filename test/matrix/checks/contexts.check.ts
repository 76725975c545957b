import { startSimulator } from "../../support/servers/simulated";
import { startIn } from "../consumer";

describe.each(["express-4", "express-5"])("req.aircall in the context, in %s,", (consumer) => {
  async function start() {
    const simulator = await startSimulator();
    const { about } = await startIn(consumer, "contexts.cjs", simulator.basic);
    return { simulator, origin: about["origin"]! };
  }

  it("works for a resolver of Apollo's", async () => {
    const { origin } = await start();
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query: "{ users }" });
    const answer = await fetch(`${origin}/graphql`, { method: "POST", headers, body });
    expect(await answer.json()).toEqual({ data: { users: 8 } });
  });

  it("works for a procedure of tRPC's", async () => {
    const { origin } = await start();
    const answer = await fetch(`${origin}/trpc/users`);
    expect(await answer.json()).toEqual({ result: { data: 8 } });
  });

  it("says in the answer that Aircall refused, and lives on", async () => {
    const { simulator, origin } = await start();
    const passes = simulator.fail({ match: { path: "/v2/users" }, status: 400 });
    expect((await fetch(`${origin}/trpc/users`)).status).toBe(500);
    passes();
    expect((await fetch(`${origin}/trpc/users`)).status).toBe(200);
  });
});
