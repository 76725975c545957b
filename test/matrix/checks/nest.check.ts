import { join } from "node:path";
import { freePort } from "../../support/redis/redis-server";
import { startSimulator } from "../../support/servers/simulated";
import { folderOf, follow, startIn } from "../consumer";

const asked = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", accept: "application/json" };

describe.each(["nest-11", "nest-12"])("the packed library in %s", (consumer) => {
  async function start() {
    const simulator = await startSimulator();
    const execArgv = ["--require", join(folderOf(consumer), "programs/swc-register.cjs")];
    const variables = { PORT: String(await freePort()) };
    return { simulator, ...(await startIn(consumer, "nest.ts", simulator.oauth, { execArgv, variables })) };
  }

  it("signs somebody in, and answers a controller", async () => {
    const { simulator, person } = await start();
    const { status, text } = await follow(person, simulator, "/guarded/calls");
    expect([status, JSON.parse(text)]).toEqual([200, expect.arrayContaining([expect.any(Number)])]);
  });

  it("answers 401, 404 and 429 for what is that, by a guard and by a controller", async () => {
    const { simulator, person } = await start();
    const statusOf = async (path: string) => (await person.visit(path, { headers: asked })).status;
    expect([await statusOf("/guarded/calls"), await statusOf("/calls/7")]).toEqual([401, 401]);

    await follow(person, simulator, "/guarded/calls");
    expect(await statusOf("/calls/7")).toBe(404);
    simulator.fail({ match: { path: "/v1/calls/:id" }, rateLimited: { resetInSeconds: 3_600 } });
    expect(await statusOf("/calls/7")).toBe(429);
  });
});
