import express, { type RequestHandler } from "express";
import session from "express-session";
import request from "supertest";
import { aircallAuth, memoryGrants, requireAircall, type AircallAuthOptions } from "express-aircall";
import { countCalls, getAndRefresh, origin, sendError } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

/** An API whose requests say who they are by themselves; only the sign-in routes have a session. */
async function startApi(options: Partial<AircallAuthOptions> = {}) {
  const simulator = await startSimulator();
  const auth = aircallAuth({
    ...getAndRefresh(simulator),
    grants: memoryGrants(),
    hold: "company",
    company: (req) => Number(req.get("x-company")) || null,
    ...options,
  });
  open.push(auth);
  const list: RequestHandler = async (req, res) => void res.json(await countCalls(req.aircall));
  const app = express()
    .use("/auth/aircall", session({ secret: "s".repeat(32), resave: false, saveUninitialized: false }))
    .use(auth)
    .get("/healthz", (_req, res) => void res.send("fine"))
    .get("/calls", requireAircall(), list)
    .get("/unguarded", list)
    .use(sendError);
  const companyId = simulator.companies[0].id;
  const ask = (path: string, company: number | null = companyId) =>
    request(app)
      .get(path)
      .set({ "X-Company": String(company ?? ""), "Sec-Fetch-Mode": "cors" });
  const connect = () => simulator.signIn(app, { headers: { Host: new URL(origin).host } });
  return { auth, ask, connect, companyId };
}

const open: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((auth) => auth.close())));

describe("an API without sessions, whose companies hold their grants", () => {
  it.each([
    ["/healthz", 200],
    ["/calls", 401],
    ["/unguarded", 401],
  ])("answers the very first request, %s, with %d", async (path, status) => {
    const { ask } = await startApi();
    expect((await ask(path)).status).toBe(status);
    expect((await ask(path, null)).status).toBe(status);
  });

  it("works for the company that its administrator connected, and for no other", async () => {
    const { ask, connect, companyId } = await startApi();
    expect((await ask("/calls")).status).toBe(401);
    await connect();
    expect((await ask("/calls")).body).toBe(5);
    expect((await ask("/unguarded")).body).toBe(5);
    expect((await ask("/calls", companyId + 1)).status).toBe(401);
    expect((await ask("/calls", null)).status).toBe(401);
  });

  it("has a client for jobs before anybody came", async () => {
    const { auth, connect, companyId } = await startApi();
    const job = auth.clientFor(companyId);
    await connect();
    expect(await countCalls(job)).toBe(5);
  });
});

describe("an API without sessions that was given no store", () => {
  it("answers what needs no grant, and says what to add for what does, whoever came first", async () => {
    const { ask, connect } = await startApi({ grants: undefined });
    const said = 'aircallAuth({ grants, hold: "company", company })';
    const answers = async () => {
      const [health, calls, unguarded] = [await ask("/healthz"), await ask("/calls"), await ask("/unguarded")];
      expect([health.status, calls.status, unguarded.status]).toEqual([200, 500, 500]);
      expect(calls.body).toMatchObject({ code: "config_invalid", message: expect.stringContaining(said) });
      expect(unguarded.body).toMatchObject({ code: "config_invalid", message: expect.stringContaining(said) });
    };
    await answers();
    await connect();
    await answers();
  });
});
