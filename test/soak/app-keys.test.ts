import type { Express, Request, RequestHandler } from "express";
import { wireRoutes } from "../support/apps/doors";
import { callbackPath, useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";
import { watchGrants } from "../support/watched-grants";

const start = useSignInApps();
/** For each of six ways to overlap; a thousand in all with SOAK=1. */
const writesEach = process.env["SOAK"] === "1" ? 167 : 17;

describe("what an app writes into its sessions while visitors connect, renew and disconnect", () => {
  it("is lost only where it would be without us", async () => {
    const ours = await startOurs();
    const lost = await countLost(ours);

    expect(lost).toEqual(await countLost(await startWithoutUs()));
    expect(lost).toMatchObject({ "renew around": 0, "renew amid": 0, "disconnect amid": 0 });
    expect(ours.renewals()).toBe(2 * writesEach);
  }, 300_000);
});

type Deed = "connect" | "renew" | "disconnect";
/** Whether the deed begins before the write and ends after it, or the other way round. */
type Overlap = "around" | "amid";
type Lost = Partial<Record<`${Deed} ${Overlap}`, number>>;

interface Stage {
  readonly app: SignInApp;
  readonly hold: Hold;
  /** Where the deed is done; all before that is done now. */
  readonly pathOf: (deed: Deed, visitor: Visitor) => string | Promise<string>;
  readonly expire: () => Promise<unknown>;
  readonly renewals: () => number;
}

async function countLost(stage: Stage): Promise<Lost> {
  const lost: Lost = {};
  for (const deed of ["connect", "renew", "disconnect"] as const) {
    for (const overlap of ["around", "amid"] as const) {
      let gone = 0;
      for (let n = 0; n < writesEach; n += 1) gone += Number(await losesWrite(stage, deed, overlap));
      lost[`${deed} ${overlap}`] = gone;
    }
  }
  return lost;
}

async function losesWrite({ app, hold, pathOf, expire }: Stage, deed: Deed, overlap: Overlap): Promise<boolean> {
  const visitor = app.visitor();
  await visitor.visit(await pathOf("connect", visitor));
  await expire();
  const path = await pathOf(deed, visitor);
  const [outer, inner] = overlap === "around" ? [path, "/write"] : ["/write", path];
  await hold.whileHeld(
    () => visitor.visit(outer, { headers: { "x-held": "1" } }),
    () => visitor.visit(inner),
  );
  return (await visitor.visit("/written")).text !== "true";
}

async function startOurs(): Promise<Stage> {
  const grants = watchGrants();
  const hold = createHold();
  const app = await start(
    (express, settings) => {
      express.use(hold.handler);
      wireRoutes(express, { ...settings, grants: grants.store });
      express.get("/renew", async (req, res) => void res.json(await req.aircall.ping()));
      express.get("/disconnect", async (req, res) => {
        await req.aircall.disconnect();
        res.end();
      });
      addKeys(express);
    },
    { simulator: { tokens: "rotating" } },
  );
  let connections = 0;

  async function pathOf(deed: Deed, visitor: Visitor): Promise<string> {
    if (deed !== "connect") return `/${deed}`;
    connections += 1;
    return app.consent(visitor);
  }
  const renewals = () => app.simulator.counts.tokenRequests - connections;
  return { app, hold, pathOf, expire: grants.expire, renewals };
}

/** An app that signs people in and out by itself, as the documentation of express-session shows it. */
async function startWithoutUs(): Promise<Stage> {
  const hold = createHold();
  const app = await start((express) => {
    express.use(hold.handler);
    express.get(callbackPath, (req, res, next) => {
      const { cookie: _cookie, ...kept } = req.session;
      req.session.regenerate((error) => {
        if (error) return next(error);
        Object.assign(req.session, kept, { user: 1 });
        res.end();
      });
    });
    express.get("/renew", (_req, res) => void res.end());
    express.get("/disconnect", (req, res) => {
      delete keysOf(req)["user"];
      res.end();
    });
    addKeys(express);
  });
  const pathOf = (deed: Deed) => (deed === "connect" ? callbackPath : `/${deed}`);
  return { app, hold, pathOf, expire: () => Promise.resolve(), renewals: () => 0 };
}

function addKeys(express: Express): void {
  express.get("/write", (req, res) => {
    keysOf(req)["written"] = true;
    res.end();
  });
  express.get("/written", (req, res) => void res.json(keysOf(req)["written"] ?? false));
}

function keysOf(req: Request): Record<string, unknown> {
  return req.session as unknown as Record<string, unknown>;
}

interface Hold {
  /** Stops a request that says `x-held` when its session has been read. */
  readonly handler: RequestHandler;
  /** Lets it go on when `inner` is over; resolves when both are. */
  whileHeld(outer: () => Promise<unknown>, inner: () => Promise<unknown>): Promise<void>;
}

function createHold(): Hold {
  let arrive = (_goOn: () => void): void => undefined;

  return {
    handler(req, _res, next) {
      if (req.headers["x-held"]) arrive(next);
      else next();
    },
    async whileHeld(outer, inner) {
      const arrived = new Promise<() => void>((resolve) => (arrive = resolve));
      const over = outer();
      const goOn = await arrived;
      await inner();
      goOn();
      await over;
    },
  };
}
