import { once } from "node:events";
import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler } from "express";
import session, { MemoryStore, type Store } from "express-session";
import { aircallAuth, guardSessionStore, memoryGrants, redisGrants, type GrantStore } from "express-aircall";
import fc from "fast-check";
import { createClient } from "redis";
import { createInjectedBrowser, type InjectedBrowser } from "../support/browser/inject";
import { createPassport } from "../support/apps/passport";
import { createPretendProvider, type Consent } from "../support/servers/pretend-provider";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";

const soaking = process.env["SOAK"] === "1";
const browserCount = 3;
const apps = ["one", "two"] as const;
const companies = [71, 72] as const;
const host = "localhost:1234";
jest.setTimeout(soaking ? 3_600_000 : 300_000);

type App = (typeof apps)[number];
type Hold = "session" | "company";

/** What each visitor does in one round, all at the same time. */
const step = fc.record({
  does: fc.constantFrom(
    ...(["signIn", "signIn", "add", "add", "use", "use", "logout", "disconnect"] as const),
    ...(["destroy", "regenerate", "login", "passportLogout", "keep", "keep"] as const),
  ),
  app: fc.constantFrom(...apps),
  company: fc.constantFrom(...companies),
  /** How many requests that write their session are under way meanwhile. */
  strays: fc.nat(2),
});
/** What happens to everybody after a round. */
const event = fc.record({
  happens: fc.constantFrom("nothing", "nothing", "age", "age", "refuse", "kill", "disconnectCompany"),
  app: fc.constantFrom(...apps),
  company: fc.constantFrom(...companies),
});
const round = fc.record({ steps: fc.array(step, { minLength: browserCount, maxLength: browserCount }), event });
const plan = fc.record({
  hold: fc.constantFrom<Hold>("session", "company"),
  rounds: fc.array(round, { maxLength: 3 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type Step = Plan["rounds"][number]["steps"][number];

/** What the processes of a run share, and what each has of its own. */
interface World {
  readonly processes: number;
  open(): Promise<{ sessions: Store; grants: GrantStore; stop?: () => unknown }>;
}

/** One process: an Express app that serves two Aircall apps. */
async function startProcess(
  world: World,
  hold: Hold,
  provider: ReturnType<typeof createPretendProvider>,
  ids: Set<string>,
) {
  const { sessions, grants, stop } = await world.open();
  const noted: GrantStore = {
    ...grants,
    create: async (...args) => {
      const id = await grants.create(...args);
      ids.add(id);
      return id;
    },
  };
  const app = express();
  const passport = createPassport();
  const auths = Object.fromEntries(apps.map((name) => [name, aircallAuth(settingsOf(name))]));
  app.use(session({ secret: "for tests only", resave: false, saveUninitialized: false, store: sessions }));
  app.use(passport.session());
  for (const name of apps) {
    app.use(auths[name]!, (req, res, next) => {
      res.locals[name] = req.aircall;
      next();
    });
  }
  app.get("/accounts", async (_req, res) => {
    const lists = apps.map((name) => (res.locals[name] as Express.Request["aircall"]).accounts());
    res.json((await Promise.all(lists)).map((accounts) => accounts.map(({ id }) => id)));
  });
  app.get("/use/:app", async (req, res) => {
    const aircall = res.locals[req.params["app"]] as Express.Request["aircall"];
    res.json((await aircall.calls.list()).items);
  });
  app.get("/stray", async (req, res) => {
    await turns(Number(req.query["after"]));
    Object.assign(req.session, { written: Math.random() });
    res.end();
  });
  app.post("/disconnect/:app", async (req, res) => {
    await (res.locals[req.params["app"]] as Express.Request["aircall"]).disconnect();
    res.end();
  });
  app.post("/destroy", (req, res) => void req.session.destroy(() => res.end()));
  app.post("/regenerate", (req, res) => void req.session.regenerate(() => res.end()));
  app.post("/login", (req, res) => req.login({ id: "ada" }, () => res.end()));
  app.post("/passportLogout", (req, res) => req.logout(() => res.end()));
  app.post("/keep", (req, res) => req.login({ id: "ada" }, { session: true, keepSessionInfo: true }, () => res.end()));
  app.use(((error: { status?: number; code?: string }, _req, res, _next) => {
    res.status(error.status ?? 500).send(error.code ?? "failed");
  }) satisfies ErrorRequestHandler);

  function settingsOf(name: App) {
    const callbackUrl = `http://${host}/auth/${name}/callback`;
    const urls = {
      apiUrl: "http://localhost:1",
      tokenUrl: "http://localhost:1/token",
      authorizeUrl: "http://localhost:1/in",
    };
    const client = { oauthClientId: `client-${name}`, oauthClientSecret: `secret-${name}` };
    const own = { ...client, ...urls, callbackUrl, signInPath: `/auth/${name}`, grants: noted, hold };
    return { ...own, fetch: provider.fetch, initiateOAuth: "GETANDREFRESH" as const };
  }

  return { app, auths, grants, stop };
}

/** Plays a plan round by round, and holds each visitor against what they should be connected to. */
async function play(world: World, { hold, rounds }: Plan): Promise<void> {
  const provider = createPretendProvider();
  const ids = new Set<string>();
  const start = () => startProcess(world, hold, provider, ids);
  const processes = await Promise.all(Array.from({ length: world.processes }, start));
  const anyApp = () => processes[Math.floor(Math.random() * processes.length)]!.app;
  const visitors = Array.from({ length: browserCount }, (_, index) => ({
    index,
    browser: createInjectedBrowser(host),
    connected: { one: [] as readonly number[], two: [] as readonly number[] },
    /** Cookies that are somebody's past. */
    past: new Set<string>(),
  }));
  type Visitor = (typeof visitors)[number];

  async function take(visitor: Visitor, { does, app, company, strays }: Step): Promise<void> {
    const { browser } = visitor;
    const before = new Set(browser.seen);
    // Of a tab whose cookies come too late to count.
    const tab = browser.copy();
    const writes = Array.from({ length: strays }, (_, n) => tab.visit(anyApp(), `/stray?after=${3 * n + 2}`));
    await act(visitor, does, app, company);
    // All else gives the session another id, or ends it.
    if (does !== "use" && does !== "disconnect") for (const cookie of before) visitor.past.add(cookie);
    await Promise.all(writes);
  }

  async function act(
    { browser, index, connected }: Visitor,
    does: Step["does"],
    app: App,
    company: number,
  ): Promise<void> {
    const nobody = () => Object.assign(connected, { one: [], two: [] });
    if (does === "use") return void (await browser.visit(anyApp(), `/use/${app}`));
    if (does === "keep") return void (await browser.visit(anyApp(), "/keep", "POST"));
    if (does === "disconnect") {
      await browser.visit(anyApp(), `/disconnect/${app}`, "POST");
      connected[app] = connected[app].slice(1);
      return;
    }
    if (does === "signIn" || does === "add") {
      const { location } = await browser.visit(anyApp(), `/auth/${app}${does === "add" ? "?add=1" : ""}`);
      const code = provider.consent({ browser: index, clientId: `client-${app}`, companyId: company });
      const state = new URL(location).searchParams.get("state");
      const { status, text } = await browser.visit(anyApp(), `/auth/${app}/callback?code=${code}&state=${state}`);
      expect([status, text]).toEqual([302, expect.anything()]);
      connected[app] = [company, ...(does === "add" ? connected[app].filter((other) => other !== company) : [])];
      return;
    }
    const path = does === "logout" ? `/auth/${app}/logout` : `/${does}`;
    await browser.visit(anyApp(), path, "POST");
    nobody();
  }

  async function happen({ happens, app, company }: Plan["rounds"][number]["event"]): Promise<void> {
    if (happens === "refuse") provider.refuse(1);
    if (happens === "age") await Promise.all([...ids].map((id) => age(processes[0]!.grants, id)));
    if (happens === "kill") {
      const [old] = processes.splice(0, 1, await start());
      await old!.stop?.();
    }
    if (happens !== "disconnectCompany") return;
    await processes[0]!.auths[app]!.disconnectCompany(company);
    for (const { connected } of visitors) connected[app] = connected[app].filter((other) => other !== company);
  }

  async function check({ browser, index, connected, past }: Visitor): Promise<void> {
    const { text } = await browser.visit(anyApp(), "/accounts");
    expect(JSON.parse(text)).toEqual([connected.one, connected.two]);
    for (const app of apps) {
      const [current] = connected[app];
      const { status, text: used } = await browser.visit(anyApp(), `/use/${app}`);
      if (current === undefined) expect([status, used]).toEqual([401, "not_connected"]);
      else if (status === 200) {
        const whose = { companyId: current, clientId: `client-${app}`, ...(hold === "session" && { browser: index }) };
        expect(JSON.parse(used) as Consent[]).toMatchObject([whose]);
      } else expect([status, used]).toEqual([403, "not_entitled"]);
    }
    for (const cookie of past) await checkPast(browser.withCookie(cookie));
  }

  async function checkPast(browser: InjectedBrowser): Promise<void> {
    expect(JSON.parse((await browser.visit(anyApp(), "/accounts")).text)).toEqual([[], []]);
  }

  try {
    for (const { steps, event } of rounds) {
      await Promise.all(visitors.map((visitor, index) => take(visitor, steps[index]!)));
      await happen(event);
      for (const visitor of visitors) await check(visitor);
    }
  } finally {
    for (const { auths, stop } of processes) {
      await Promise.all(Object.values(auths).map((auth) => auth.close()));
      await stop?.();
    }
  }
}

/** As if its tokens had been obtained an hour ago and were about to expire. */
async function age(grants: GrantStore, id: string): Promise<void> {
  const grant = await grants.get(id);
  const obtainedAt = new Date(Date.now() - 3_600_000);
  if (grant) await grants.replace(id, grant.version, { ...grant, obtainedAt, expiresAt: new Date() });
}

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise(setImmediate);
}

describe("visitors of two Aircall apps, doing everything at once", () => {
  it("reach in memory what they connected, nothing of anybody else's, and nothing after its end", async () => {
    const world = (): World => {
      const [sessions, grants] = [new MemoryStore(), memoryGrants()];
      return { processes: 1, open: () => Promise.resolve({ sessions, grants }) };
    };
    await fc.assert(
      fc.asyncProperty(plan, (plan) => play(world(), plan)),
      { numRuns: soaking ? 100_000 : 80, interruptAfterTimeLimit: soaking ? 3_000_000 : 30_000 },
    );
  });
});

describeWith("redis-server", "visitors of two Aircall apps over two processes and Redis", () => {
  let server: RedisServer;

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  async function open() {
    const client = createClient({ url: server.url });
    client.on("error", () => undefined);
    client.connect().catch(() => undefined);
    await once(client, "ready");
    const sessions = guardSessionStore(new RedisStore({ client }));
    return { sessions, grants: redisGrants(client), stop: () => client.destroy() };
  }

  it("reach what they connected, nothing of anybody else's, and nothing after its end", async () => {
    await fc.assert(
      fc.asyncProperty(plan, (plan) => play({ processes: 2, open }, plan)),
      { numRuns: soaking ? 5_000 : 8, interruptAfterTimeLimit: soaking ? 3_000_000 : 30_000 },
    );
  });
});
