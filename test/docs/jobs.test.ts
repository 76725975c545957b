import express from "express";
import session from "express-session";
import { aircallAuth, redisGrants } from "express-aircall";
import { buildIfStale } from "../support/build";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { startSimulator } from "../support/servers/simulated";
import { oauthLines } from "../../src/simulator/settings-lines";
import { pages, programsOf, sectionOf } from "./pages";
import { endPrograms, startProgram } from "./running";

const page = pages.find(({ path }) => path === "docs/companies.md")!;
const [worker = ""] = programsOf(sectionOf(page, "Jobs without a request"));

describeWith("redis-server", "the worker on the page of companies, as it stands", () => {
  let redis: RedisGrants;

  beforeAll(async () => {
    await buildIfStale("library");
    redis = await startRedisGrants();
  }, 120_000);
  afterEach(endPrograms);
  afterAll(() => redis?.close());

  async function connectCompany() {
    const simulator = await startSimulator({ kind: true });
    const host = "localhost:3000";
    const auth = aircallAuth({
      ...simulator.oauth,
      callbackUrl: `http://${host}/auth/aircall/callback`,
      initiateOAuth: "GETANDREFRESH",
      hold: "company",
      grants: redisGrants(await redis.connect()),
    });
    const app = express().use(session({ secret: "s".repeat(32), resave: false, saveUninitialized: false }), auth);
    await simulator.signIn(app, { headers: { Host: host } });
    await auth.close();
    return simulator;
  }

  function work(simulator: Awaited<ReturnType<typeof startSimulator>>, companyId: number): Promise<string> {
    const client = { clientId: "simulator-client", clientSecret: "simulator-secret", redirectUris: null };
    const settings = [...oauthLines(simulator.url, client), `REDIS_URL=${redis.server.url}`];
    return startProgram(worker, { settings, args: [String(companyId)] }).output();
  }

  it("walks the calls of a company that connected in the app, and ends", async () => {
    const simulator = await connectCompany();
    const [{ id, calls }] = simulator.companies;
    const dayAgo = Date.now() / 1000 - 86_400;
    const lines = (await work(simulator, id)).trim().split("\n");
    const latest = calls.filter(({ started_at }) => started_at > dayAgo + 60).map((call) => String(call.id));
    expect(lines.map((line) => line.split(" ")[0])).toEqual(expect.arrayContaining(latest));
    expect(lines.length).toBeGreaterThan(0);
  });

  it("says so when the company is not connected", async () => {
    const simulator = await connectCompany();
    await expect(work(simulator, simulator.companies[1].id)).rejects.toThrow("not_connected");
  });
});
