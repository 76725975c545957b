import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import session, { MemoryStore, type SessionOptions, type Store } from "express-session";
import { guardSessionStore, saveSessionFirst } from "express-aircall";
import { gzipSync } from "node:zlib";
import request from "supertest";
import { watched } from "../support/apps/session-stores";

/** The store fails for as long as it is away; a tenth of a second stands for two. */
function sickStore(how: "fails" | "hangs" | "throws") {
  const store = new MemoryStore();
  const destroy = store.destroy.bind(store);
  const state = { away: false };
  store.destroy = (id, done) => {
    if (!state.away) return destroy(id, done);
    if (how === "throws") throw new Error("gone");
    if (how === "fails") setImmediate(() => done?.(new Error("READONLY")));
  };
  return { state, store: guardSessionStore(store, { timeoutMs: 100 }) };
}

const unset: RequestHandler = (req, res) => {
  req.session = null as never;
  res.redirect("/bye");
};

/** Until the guard asks a store again that hung. */
function forgotten(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 60));
}

/** As they are found in apps: few of them look at the error. */
const waysOut: [what: string, settings: Partial<SessionOptions>, out: RequestHandler][] = [
  ["req.session = null", { unset: "destroy" }, unset],
  [
    "delete req.session",
    { unset: "destroy" },
    (req, res) => {
      delete (req as { session?: unknown }).session;
      res.json({ bye: true });
    },
  ],
  [
    "destroy() that nobody waits for",
    {},
    (req, res) => {
      req.session.destroy(undefined as never);
      res.send("bye");
    },
  ],
  ["destroy() whose error is ignored", {}, (req, res) => void req.session.destroy(() => res.redirect("/bye"))],
  [
    "destroy() whose error is passed on",
    {},
    (req, res, next) => void req.session.destroy((error) => (error ? next(error) : res.send("bye"))),
  ],
  ["destroy() with unset", { unset: "destroy" }, (req, res) => void req.session.destroy(() => res.end())],
  ["regenerate() whose error is ignored", {}, (req, res) => void req.session.regenerate(() => res.send("bye"))],
  [
    "destroy() after a reload",
    {},
    (req, res) => void req.session.reload(() => req.session.destroy(() => res.send("bye"))),
  ],
];

describe("a session that is to end", () => {
  describe.each(waysOut)("by %s", (_what, settings, out) => {
    it.each(["fails", "hangs", "throws"] as const)("is reported as ended by nobody while its store %s", async (how) => {
      const { store, state } = sickStore(how);
      const visitor = request.agent(createApp(out, { ...settings, store }));
      await visitor.get("/begin").expect(200);
      state.away = true;
      const answer = await visitor.post("/out").expect(503, { code: "store_failed" }).expect("Retry-After", "2");
      expect(answer.headers).not.toHaveProperty("location");
      await forgotten();
      await visitor.get("/user").expect(200, "Ada");
    });

    it("ends when it is tried again", async () => {
      const { store, state } = sickStore("fails");
      const visitor = request.agent(createApp(out, { ...settings, store }));
      await visitor.get("/begin");
      state.away = true;
      await visitor.post("/out").expect(503);
      state.away = false;
      expect((await visitor.post("/out")).status).toBeLessThan(400);
      await visitor.get("/user").expect(200, "nobody");
    });
  });

  it.each([
    ["unset: keep", {}, ["get"]],
    ["unset: destroy", { unset: "destroy" }, ["get", "destroy"]],
  ] as const)("asks the store no more than express-session does, with %s", async (_what, settings, expected) => {
    const { store, asked } = watched(new MemoryStore());
    const visitor = request.agent(createApp(unset, { ...settings, store }));
    await visitor.get("/begin");
    asked.length = 0;
    await visitor.post("/out").expect(302).expect("Location", "/bye");
    expect(asked).toEqual(expected);
  });

  it("leaves a session alone that is set to null with unset: keep, as express-session does", async () => {
    const visitor = request.agent(createApp(unset, { store: new MemoryStore() }));
    await visitor.get("/begin");
    await visitor.post("/out").expect(302);
    await visitor.get("/user").expect(200, "Ada");
  });

  it.each<[string, RequestHandler, string]>([
    ["a text", (_req, res) => void res.send("bye".repeat(1_000)), "bye".repeat(1_000)],
    ["bytes", (_req, res) => void res.end(Buffer.from("bye")), "bye"],
    ["an encoded text", (_req, res) => void res.end("Ynll", "base64"), "bye"],
    ["nothing", (_req, res) => void res.end(), ""],
  ])("lets %s leave whole once the session has ended, behind compression too", async (_what, answer, text) => {
    const out: RequestHandler = (req, res, next) => {
      req.session = null as never;
      return answer(req, res, next);
    };
    const app = createApp(out, { store: new MemoryStore(), unset: "destroy" }, compress);
    const visitor = request.agent(app);
    await visitor.get("/begin");
    const { body, text: sent, headers } = await visitor.post("/out").expect(200);
    expect(headers["content-encoding"]).toBe("gzip");
    expect(sent ?? String(body)).toBe(text);
  });

  it("is said by no answer of the app's after one that was given too late", async () => {
    const { store, state } = sickStore("fails");
    const twice: RequestHandler = (req, res) => {
      req.session = null as never;
      res.status(201).send("first");
      res.status(202).send("second");
    };
    const visitor = request.agent(createApp(twice, { store, unset: "destroy" }));
    await visitor.get("/begin");
    await visitor.post("/out").expect(201, "first");
    await visitor.get("/begin");
    state.away = true;
    await visitor.post("/out").expect(503);
  });
});

function createApp(
  out: RequestHandler,
  settings: { store: Store } & Partial<SessionOptions>,
  outside?: RequestHandler,
): Express {
  const app = express().set("env", "test");
  if (outside) app.use(outside);
  app.use(session({ secret: "s", resave: false, saveUninitialized: false, ...settings }), saveSessionFirst());
  app.get("/begin", (req, res) => void res.json(Object.assign(req.session, { user: "Ada" })));
  app.get("/user", (req, res) => void res.send((req.session as { user?: string }).user ?? "nobody"));
  app.post("/out", out);
  return app.use(sayIt);
}

const sayIt: ErrorRequestHandler = (error: { status: number; code: string; headers?: object }, _req, res, _next) => {
  res
    .status(error.status)
    .set({ ...error.headers })
    .json({ code: error.code });
};

/** As the compression package does: takes over end(), and decides when the head is written. */
const compress: RequestHandler = (_req, res, next) => {
  const end = res.end.bind(res) as (chunk?: Buffer) => typeof res;
  res.end = ((chunk?: string | Buffer, encoding?: BufferEncoding) => {
    const plain = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    if (!res.headersSent) res.removeHeader("Content-Length");
    if (!res.headersSent) res.setHeader("Content-Encoding", "gzip");
    return end(gzipSync(plain ?? ""));
  }) as typeof res.end;
  next();
};
