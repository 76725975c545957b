import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express, type RequestHandler } from "express";
import session, { MemoryStore, type SessionOptions } from "express-session";
import { aircallAuth, guardSessionStore, saveSessionFirst } from "express-aircall";
import { Passport } from "passport";
import { Agent } from "undici";
import { watched } from "../support/apps/session-stores";
import { useSignInApps } from "../support/apps/sign-in-app";
import { createVisitor, type Visitor } from "../support/browser/visitor";

const rolling = { rolling: true, cookie: { maxAge: 3_600_000 } } satisfies Partial<SessionOptions>;

/** What a request that takes its time does with the session it came with. */
const slowRequests: [what: string, work: RequestHandler][] = [
  ["reads it", (_req, res) => void res.send("done")],
  ["changes it", (req, res) => void res.json(Object.assign(req.session, { cart: 1 }))],
  [
    "saves it",
    (req, res, next) => {
      Object.assign(req.session, { cart: 1 });
      req.session.save((error) => (error ? next(error) : res.send("done")));
    },
  ],
  [
    "streams",
    (_req, res) => {
      res.write("do");
      res.end("ne");
    },
  ],
  ["writes its head itself", (_req, res) => void res.writeHead(200, { "X-Own": "1" }).end("done")],
];

describe("a request whose session others leave meanwhile", () => {
  const closers: (() => unknown)[] = [];
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

  describe.each(slowRequests)("that %s", (_what, work) => {
    it.each([
      ["signs in anew", "/in", "Bob"],
      ["signs in by Passport", "/passport", "Eve"],
      ["signs out", "/out", "nobody"],
    ])("undoes nothing when another one %s", async (_other, path, user) => {
      const { visitor, hold, release } = await start(work);
      await visitor.visit("/begin");
      const early = visitor.copy();
      const slow = hold(() => early.visit("/slow"));
      await slow.arrived;
      await visitor.visit(path);
      release();
      const { status, setCookies } = await slow.answered;

      expect({ status, setCookies }).toEqual({ status: 200, setCookies: [] });
      expect((await visitor.visit("/user")).text).toBe(user);
      expect((await early.visit("/user")).text).toBe("nobody");
    });

    it("keeps what it does when nobody leaves, or in vain", async () => {
      const { visitor, hold, release, state } = await start(work);
      await visitor.visit("/begin");
      const slow = hold(() => visitor.copy().visit("/slow"));
      await slow.arrived;
      state.away = true;
      expect((await visitor.visit("/in")).status).toBe(503);
      state.away = false;
      release();

      expect((await slow.answered).setCookies).toHaveLength(1);
      expect((await visitor.visit("/user")).text).toBe("Ada");
    });
  });

  it("may sign in itself, and then the last one counts", async () => {
    const { visitor, hold, release } = await start((req, res) => {
      req.session.regenerate(() => res.json(Object.assign(req.session, { user: "Carl" })));
    });
    await visitor.visit("/begin");
    const slow = hold(() => visitor.visit("/slow"));
    await slow.arrived;
    await visitor.copy().visit("/in");
    release();
    await slow.answered;

    expect((await visitor.visit("/user")).text).toBe("Carl");
  });

  it("asks the store nothing more", async () => {
    const { visitor, hold, release, asked } = await start((_req, res) => void res.send("done"));
    await visitor.visit("/begin");
    const slow = hold(() => visitor.copy().visit("/slow"));
    await slow.arrived;
    await visitor.visit("/in");
    asked.length = 0;
    release();
    await slow.answered;

    expect(asked).toEqual([]);
  });

  /** `/slow` waits until it is released. */
  async function start(work: RequestHandler) {
    const gate = { release: () => undefined as void, arrive: () => undefined as void };
    const state = { away: false };
    const { store, asked } = watched(new MemoryStore());
    const destroy = store.destroy.bind(store);
    store.destroy = (id, done) => (state.away ? done?.(new Error("READONLY")) : destroy(id, done));
    const app = express().set("env", "test");
    const settings = { secret: "s", resave: false, saveUninitialized: false, ...rolling };
    app.use(session({ ...settings, store: guardSessionStore(store) }), saveSessionFirst());
    const passport = new Passport();
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    app.get("/begin", become("Ada"));
    app.get("/in", (req, res, next) => {
      req.session.regenerate((error) => (error ? next(error) : become("Bob")(req, res, next)));
    });
    app.get("/passport", passport.session() as RequestHandler, (req, res, next) => {
      req.login({ name: "Eve" }, (error) => (error ? next(error) : become("Eve")(req, res, next)));
    });
    app.get("/out", (req, res) => void req.session.destroy(() => res.send("bye")));
    app.get("/user", (req, res) => void res.send((req.session as { user?: string }).user ?? "nobody"));
    app.get("/slow", (req, res, next) => {
      gate.release = () => void work(req, res, next);
      gate.arrive();
    });
    const visitor = await visitorAt(app);
    return {
      visitor,
      state,
      asked,
      hold: <T>(visit: () => Promise<T>) => {
        const arrived = new Promise<void>((resolve) => (gate.arrive = resolve));
        return { arrived, answered: visit() };
      },
      release: () => gate.release(),
    };
  }

  async function visitorAt(app: Express): Promise<Visitor> {
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const agent = new Agent();
    closers.push(async () => {
      await agent.close();
      server.close();
    });
    return createVisitor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, agent);
  }
});

function become(user: string): RequestHandler {
  return (req, res) => void res.json(Object.assign(req.session, { user }));
}

describe("a request under way as its visitor connects Aircall", () => {
  const start = useSignInApps();

  it("does not lose the connection, with rolling: true", async () => {
    let release: () => void = () => undefined;
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const app = await start(
      (express, settings) => {
        express.use(saveSessionFirst(), aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH" }));
        express.get("/begin", (req, res) => void res.json(Object.assign(req.session, { visits: 1 })));
        express.get("/me", async (req, res) => void res.json(await req.aircall.account()));
        express.get("/slow", (req, res) => {
          release = () => void res.json(Object.assign(req.session, { visits: 2 }));
          arrive();
        });
      },
      { session: rolling },
    );
    const visitor = app.visitor();
    await visitor.visit("/begin");
    const slow = visitor.visit("/slow");
    await arrived;
    await app.signIn(visitor);
    release();
    await slow;

    expect(JSON.parse((await visitor.visit("/me")).text)).toMatchObject({ id: expect.any(Number) as number });
  });
});
