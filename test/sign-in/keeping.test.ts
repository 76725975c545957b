import express, { type Express } from "express";
import session, { MemoryStore, type Store } from "express-session";
import { aircallAuth, AircallStrategy, memoryGrants, StoreError, type AircallAuthOptions } from "express-aircall";
import { RedisStore } from "connect-redis";
import { grantsOf } from "../../src/grants/stores/default";
import { browserAt, createConnectedApp, getAndRefresh, sendError, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { pathOf } from "../support/browser/browser";
import { createPassport } from "../support/apps/passport";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const cookie = { secret: "s", resave: false, saveUninitialized: false };

describe("two administrators who connect one company at once", () => {
  it("leave one grant beside the sessions, and both work with it", async () => {
    const store = new MemoryStore();
    await connectAtOnce(() => store);
  });

  describeWith("redis-server", "over two connections to Redis", () => {
    let redis: RedisGrants;
    beforeAll(async () => (redis = await startRedisGrants()));
    afterAll(() => redis.close());

    it("leave one grant, and both work with it", async () => {
      const clients = [await redis.connect(), await redis.connect()];
      await connectAtOnce((process) => new RedisStore({ client: clients[process]! }));
    });
  });
});

async function connectAtOnce(storeOf: (process: number) => Store): Promise<void> {
  const simulator = await startSimulator();
  const processes = [0, 1].map((process) => {
    const store = storeOf(process);
    const settings = { ...getAndRefresh(simulator), grants: grantsOf(store), hold: "company" as const };
    return createConnectedApp(settings, { session: session({ ...cookie, store }) });
  });
  const { id } = simulator.companies[0];
  for (let round = 0; round < 10; round += 1) {
    const browsers = processes.map((one) => browserAt(one));
    await Promise.all(browsers.map((browser) => signIn(browser, simulator)));
    const statuses = await Promise.all(browsers.map(async ({ agent }) => (await agent.get("/calls")).status));
    expect(statuses).toEqual([200, 200]);
    expect(await processes[0]!.auth.disconnectCompany(id)).toBe(1);
  }
}

describe("connecting", () => {
  const remember = (app: Express) => {
    app.get("/login", (req, res) => {
      req.session.cookie.maxAge = 30 * 86_400_000;
      Object.assign(req.session, { user: "Ada", cart: { apples: 3 } });
      res.end();
    });
    app.get("/mine", (req, res) => {
      const { cookie, user, cart } = req.session as typeof req.session & { user?: string; cart?: object };
      res.json({ days: Math.round(Number(cookie.originalMaxAge) / 86_400_000), user, cart });
    });
  };
  // In days: express-session reads the clock twice for each touch, and loses a millisecond where that moves between.
  const mine = { days: 30, user: "Ada", cart: { apples: 3 } };

  it.each(["aircallAuth", "passport.authorize"])("keeps what belongs to the app's session, by %s", async (door) => {
    const simulator = await startSimulator();
    const settings = getAndRefresh(simulator);
    const byPassport = door !== "aircallAuth";
    const app = createConnectedApp(byPassport ? { ...settings, initiateOAuth: "REFRESH" } : settings, {
      routes: (routes) => {
        remember(routes);
        if (!byPassport) return;
        const passport = createPassport(new AircallStrategy(settings));
        routes.get("/auth/aircall", passport.authorize());
        routes.get("/auth/aircall/callback", passport.authorize(), (_req, res) => res.redirect("/"));
      },
    });
    const browser = browserAt(app);
    await browser.visit("/login");
    for (const at of ["/auth/aircall", "/auth/aircall?add=1"]) {
      const answer = await signIn(browser, simulator, { at });
      expect(answer.status).toBe(302);
      expect(String(answer.headers["set-cookie"])).toMatch(/connect\.sid=.*Expires=/);
      expect((await browser.visit("/mine")).body).toEqual(mine);
      expect((await browser.visit("/calls")).status).toBe(200);
    }
  });
});

describe("Passport's routes before aircallAuth()", () => {
  const keys = ["a key of thirty-two characters or so", "another key of thirty-two characters"];

  async function startBefore(...middlewares: Partial<AircallAuthOptions>[]) {
    const simulator = await startSimulator();
    const settings = getAndRefresh(simulator);
    const store = new MemoryStore();
    const passport = createPassport(new AircallStrategy(settings));
    const made = middlewares.map((own) => aircallAuth({ ...settings, initiateOAuth: "REFRESH", ...own }));
    const app = express();
    app.use(session({ ...cookie, store }));
    app.get("/auth/aircall", passport.authenticate());
    app.get("/auth/aircall/callback", passport.authenticate({ successRedirect: "/" }));
    app.get("/account", made[0]!, async (req, res) => void res.json(await req.aircall.account()));
    app.use(sendError);
    const browser = browserAt({ app });
    const begun = await browser.visit("/auth/aircall");
    const answer = begun.status === 302 ? await signIn(browser, simulator) : begun;
    const { sessions } = store as unknown as { sessions: Record<string, string> };
    const records = Object.entries(sessions).filter(([id]) => /^ac_[\w-]{32}$/.test(id));
    await Promise.all(made.map((one) => one.close()));
    return { answer, browser, records: records.map(([, text]) => text), simulator };
  }

  it.each([[[keys[0]!]], [keys]])("keep what they keep sealed, as the middleware does: %j", async (encryptionKeys) => {
    const { records, browser, simulator } = await startBefore({ encryptionKeys });
    expect(records).toHaveLength(1);
    expect(records[0]).not.toContain("accessToken");
    expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[0].id });
  });

  it.each<[string, Partial<AircallAuthOptions>, Partial<AircallAuthOptions>]>([
    ["other keys", { encryptionKeys: [keys[0]!] }, { encryptionKeys: [keys[1]!] }],
    ["keys and none", { encryptionKeys: [keys[0]!] }, {}],
    ["other holders", { hold: "session" }, { hold: "company" }],
  ])("are told where to be mounted when middlewares differ in %s", async (_, one, other) => {
    const { answer, records } = await startBefore(one, other);
    expect(answer.body).toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("before the Passport"),
    });
    expect(records).toEqual([]);
  });
});

describe("a callback that failed at its claim", () => {
  it("can be tried again by a reload", async () => {
    const simulator = await startSimulator();
    const memory = memoryGrants();
    let away = true;
    const grants = {
      ...memory,
      claim: (...args: Parameters<typeof memory.claim>) =>
        away ? Promise.reject(new StoreError("claim", "away")) : memory.claim(...args),
    };
    const app = createConnectedApp({ ...getAndRefresh(simulator), grants });
    const browser = browserAt(app);
    const { location } = (await browser.visit("/auth/aircall")).headers;
    const callback = pathOf(simulator.consent(location!));

    for (let n = 0; n < 2; n += 1) expect((await browser.visit(callback)).status).toBe(503);
    away = false;
    expect((await browser.visit(callback)).status).toBe(302);
    expect((await browser.visit("/calls")).status).toBe(200);
  });
});

describe("a used attempt that is replayed", () => {
  it("costs a claim and one look at what came of it, and no wait", async () => {
    const simulator = await startSimulator();
    const memory = memoryGrants();
    const asked: string[] = [];
    const grants = new Proxy(memory, {
      get: (store, name: keyof typeof memory) => {
        const own = Reflect.get(store, name) as unknown;
        if (typeof own !== "function") return own;
        return (...args: unknown[]) => (asked.push(name), Reflect.apply(own, store, args) as unknown);
      },
    });
    const app = createConnectedApp({ ...getAndRefresh(simulator), grants });
    const browser = browserAt(app);
    const sentAway = await browser.visit("/auth/aircall");
    const cookies = [sentAway.headers["set-cookie"] ?? []].flat().map((line: string) => line.split(";")[0]!);
    const callback = pathOf(simulator.consent(sentAway.headers["location"]!));
    expect((await browser.visit(callback)).status).toBe(302);
    time.pass(61_000);

    for (let n = 0; n < 3; n += 1) {
      asked.length = 0;
      const startedAt = performance.now();
      const replayed = await browserAt(app).visit(callback).set("Cookie", cookies.join("; "));
      expect(replayed.status).toBe(400);
      expect(asked).toEqual(["claim", "outcome"]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });
});

describe('disableOnDisconnect with hold: "company"', () => {
  it.each(["/auth/aircall/logout", "/disconnect"])(
    "disables nothing at a visitor's %s, but as it ends",
    async (path) => {
      const simulator = await startSimulator();
      const kept = { grants: memoryGrants(), hold: "company" as const };
      const app = createConnectedApp({ ...getAndRefresh(simulator), ...kept, disableOnDisconnect: true });
      const disabled = () => simulator.requests.filter((one) => one.path === "/v1/integrations/disable").length;
      const visitors = [browserAt(app), browserAt(app)];
      for (const visitor of visitors) await signIn(visitor, simulator);

      expect((await visitors[0]!.submit(path)).status).toBeLessThan(400);
      expect([disabled(), (await visitors[1]!.agent.get("/calls")).status]).toEqual([0, 200]);
      expect(await app.auth.disconnectCompany(simulator.companies[0].id)).toBe(1);
      expect(disabled()).toBe(1);
      expect(await app.auth.disconnectCompany(simulator.companies[0].id)).toBe(0);
      expect(disabled()).toBe(1);
    },
  );
});
