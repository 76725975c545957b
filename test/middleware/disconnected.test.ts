import type { EventEmitter } from "node:events";
import express, { type RequestHandler } from "express";
import session, { MemoryStore, type Store } from "express-session";
import { aircallAuth, guardSessionStore, requireAircall, saveSessionFirst } from "express-aircall";
import request from "supertest";
import { getAndRefresh, sendError } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

const cookie = { maxAge: 3_600_000 };

/** Who meets the missing session first. */
const mounted: [what: string, first: RequestHandler[], path: string][] = [
  ["saveSessionFirst()", [saveSessionFirst()], "/plain"],
  ["requireAircall()", [], "/calls"],
  ["account()", [], "/account"],
  ["signing in", [], "/auth/aircall"],
];

describe("a session store that says it is disconnected", () => {
  let raw: EventEmitter & Store;
  beforeEach(() => (raw = new MemoryStore()));
  afterEach(() => raw.emit("connect"));

  describe.each(mounted)("is a 503 at %s", (_what, first, path) => {
    it("from the first request on, behind the guard", async () => {
      const app = await createApp(guardSessionStore(raw), first);
      raw.emit("disconnect");
      await visit(app, path).expect(503).expect("Retry-After", "2");
      raw.emit("connect");
      expect((await visit(app, path)).status).not.toBe(503);
    });

    it("once the store was seen, without the guard", async () => {
      const app = await createApp(raw, first);
      await visit(app, "/plain").expect(200);
      raw.emit("disconnect");
      await visit(app, path).expect(503).expect("Retry-After", "2");
      raw.emit("connect");
      expect((await visit(app, path)).status).not.toBe(503);
    });
  });

  it("is a setting's fault where no store has said so", async () => {
    const app = express().set("env", "test").use(saveSessionFirst());
    await visit(app, "/").expect(500, /Mount saveSessionFirst\(\) directly after express-session/);
  });

  async function createApp(store: Store, first: RequestHandler[]) {
    const simulator = await startSimulator();
    const app = express().set("env", "test");
    app.use(session({ secret: "s", store, resave: false, saveUninitialized: false, cookie }), ...first);
    app.use(aircallAuth(getAndRefresh(simulator)));
    app.get("/plain", (_req, res) => void res.send("plain"));
    app.get("/calls", requireAircall(), (_req, res) => void res.send("calls"));
    app.get("/account", async (req, res) => void res.json(await req.aircall.account()));
    app.use(((error: { headers?: object }, req, res, next) => {
      res.set({ ...error.headers });
      return sendError(error, req, res, next);
    }) satisfies typeof sendError);
    return app;
  }

  function visit(app: Parameters<typeof request>[0], path: string) {
    return request(app).get(path).set({ "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" });
  }
});
