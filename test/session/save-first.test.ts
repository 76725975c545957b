import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { RedisStore } from "connect-redis";
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import session, { MemoryStore, type SessionOptions, type Store } from "express-session";
import { guardSessionStore, saveSessionFirst } from "express-aircall";
import { Passport } from "passport";
import { createClient } from "redis";
import request from "supertest";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { storeThat, watched } from "../support/apps/session-stores";

const broken = () => storeThat({ set: (_id, _session, done) => setImmediate(done!, new Error("full")) });

/** Answers after having changed the session. */
const forms: Record<string, RequestHandler> = {
  send: (_req, res) => void res.send("hello"),
  json: (_req, res) => void res.json({ hello: 1 }),
  redirect: (_req, res) => res.redirect("/elsewhere"),
  status: (_req, res) => void res.sendStatus(204),
  "end()": (_req, res) => void res.end(),
  "end(text)": (_req, res) => void res.end("hello"),
  "end(text, encoding)": (_req, res) => void res.end("aGk=", "base64"),
  "end(callback)": (req, res) => void res.end(() => req.app.emit("sent")),
  "end(text, callback)": (req, res) => void res.end("hello", () => req.app.emit("sent")),
  "end(text, encoding, callback)": (req, res) => void res.end("hello", "utf8", () => req.app.emit("sent")),
};

describe("saveSessionFirst", () => {
  it.each(Object.keys(forms))("answers 503 in place of %s when the session was not saved", async (form) => {
    const app = createApp({ store: broken(), answer: changing(forms[form]!) });

    const answer = await request(app).get("/").expect(503).expect("Retry-After", "2");
    expect(answer.headers["location"]).toBeUndefined();
    expect(answer.text).toContain("Could not save the session");
  });

  it.each([
    ["send", 200, "hello"],
    ["json", 200, '{"hello":1}'],
    ["redirect", 302, "Found. Redirecting to /elsewhere"],
    ["status", 204, ""],
    ["end()", 200, ""],
    ["end(text)", 200, "hello"],
    ["end(text, encoding)", 200, "hi"],
    ["end(callback)", 200, ""],
    ["end(text, callback)", 200, "hello"],
    ["end(text, encoding, callback)", 200, "hello"],
  ])("leaves %s as it is when the session was saved, once", async (form, status, text) => {
    const { store, asked } = watched(new MemoryStore());
    const app = createApp({ store, answer: changing(forms[form]!) });
    const sent = form.includes("callback") ? once(app as unknown as EventEmitter, "sent") : null;

    const answer = await request(app).get("/").expect(status);
    await sent;
    expect(answer.text).toBe(text);
    expect(answer.headers["set-cookie"]).toHaveLength(1);
    expect(asked).toEqual(["set"]);
  });

  it("sends nothing before the session is saved", async () => {
    const app = createApp({
      store: storeThat({ set: (_id, _session, done) => setTimeout(done!, 100) }),
      answer: changing(forms["send"]!),
    });
    const begun = performance.now();
    const server = createServer(app).listen(0);
    const answer = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/`);
    const took = performance.now() - begun;
    server.closeAllConnections();
    server.close();

    expect(answer.status).toBe(200);
    expect(took).toBeGreaterThan(95);
  });

  it.each([
    ["nothing changed in a new session", false, forms["send"]!, []],
    ["nothing changed in an old session", true, forms["send"]!, ["get", "touch"]],
    ["an old session changed", true, changing(forms["send"]!), ["get", "set"]],
    ["the app saved it", true, savingItself, ["get", "set", "touch"]],
    ["the session was regenerated", true, regenerating, ["get", "destroy", "set"]],
    ["the session was destroyed", true, destroying, ["get", "destroy"]],
    ["the session was set to null", true, unsetting, ["get"]],
  ])("asks the store no more than it needs when %s", async (_what, known, answer, expected) => {
    const { store, asked } = watched(new MemoryStore());
    const visitor = request.agent(createApp({ store, answer }));
    if (known) await visitor.get("/begin");
    asked.length = 0;

    await visitor.get("/").expect(200);
    expect(asked).toEqual(expected);
  });

  it.each([
    ["HEAD", (app: Express) => request(app).head("/"), 200],
    ["304", (app: Express) => request(app).get("/").set("If-None-Match", "*"), 304],
  ])("saves before a %s too", async (_what, visit, status) => {
    await visit(createApp({ answer: changing(forms["send"]!) })).expect(status);
    await visit(createApp({ store: broken(), answer: changing(forms["send"]!) })).expect(503);
  });

  it("leaves an answer alone whose headers were sent", async () => {
    const streamed = changing((_req, res) => {
      res.write("hel");
      res.end("lo");
    });

    await request(createApp({ store: broken(), answer: streamed }))
      .get("/")
      .expect(200, "hello");
  });

  it("takes back all that was said of the answer, and nothing else", async () => {
    const answer = changing((_req, res) => {
      res.set({ ETag: '"1"', "Cache-Control": "public, max-age=60", "Content-Language": "en", "X-Policy": "strict" });
      res.status(201).location("/new").type("text/css").send("a {}");
    });
    const app = createApp({ store: broken(), answer, onError: (_error, res) => void res.end("sorry") });

    const { headers, status, text } = await request(app).get("/");
    expect({ status, text }).toEqual({ status: 200, text: "sorry" });
    expect(headers).toMatchObject({ "x-policy": "strict" });
    const gone = ["etag", "cache-control", "content-language", "content-type", "location"];
    expect(Object.keys(headers).filter((name) => gone.includes(name))).toEqual([]);
  });

  it("hands the error to the app, and tries no second save for its answer", async () => {
    const { store, asked } = watched(broken());
    const onError = jest.fn((error: { status: number }, res: Response) => void res.status(error.status).json(error));
    await request(createApp({ store, answer: changing(forms["send"]!), onError }))
      .get("/")
      .expect(503);

    expect(onError.mock.calls.map(([error]) => error)).toEqual([expect.objectContaining({ code: "store_failed" })]);
    expect(asked).toEqual(["set"]);
  });

  it.each([
    ["answers once more", (res: Response) => void res.status(500).type("text/css").json({ second: true })],
    ["throws", () => raise(new Error("after the answer"))],
  ])("sends the first answer when the handler then %s", async (_what, then) => {
    const answer = changing((_req, res) => {
      res.status(201).send("first");
      then(res);
    });
    const app = createApp({ answer, onError: (_error, res) => void res.status(500).json({ second: true }) });

    await request(app).get("/").expect(201, "first").expect("Content-Type", "text/html; charset=utf-8");
  });

  it("hands a session that is no JSON to the app, as one that the store refuses", async () => {
    const onError = jest.fn((_error: object, res: Response) => void res.status(500).send("sorry"));
    const answer = changing((req, res) => {
      Object.assign(req.session, { big: 1n });
      res.send("hello");
    });

    await request(createApp({ answer, onError })).get("/").expect(500, "sorry");
    expect(onError.mock.calls.map(([error]) => error)).toEqual([expect.objectContaining({ name: "StoreError" })]);
  });

  it("cuts off a body that Node refuses rather than let it hang, and tells the app why", async () => {
    const onError = jest.fn((_error: object, res: Response) => void res.status(500).send("sorry"));
    const answer = changing((_req, res) => res.end(7));

    await expect(request(createApp({ answer, onError })).get("/")).rejects.toThrow("socket hang up");
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ name: "TypeError" });
  });

  it.each([
    ["503", 503, 503],
    ["404", 404, 404],
    ["a page that says sorry, and 200", 200, 503],
  ])("leaves the app's own last word to it: %s", async (_what, status, sent) => {
    const onError = jest.fn((_error: object, res: Response) => void res.status(status).json({ sorry: true }));
    const failing = changing((_req, _res, next) => next(new Error("first of all")));
    const { body, status: got } = await request(createApp({ store: broken(), answer: failing, onError })).get("/");

    expect(got).toBe(sent);
    expect(body).toEqual(sent === 503 && status === 200 ? {} : { sorry: true });
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("works behind compression", async () => {
    const before = { store: new MemoryStore(), answer: changing(forms["send"]!), outside: compress };
    await request(createApp(before)).get("/").expect(200, "hello").expect("Content-Encoding", "gzip");

    const failed = await request(createApp({ ...before, store: broken() }))
      .get("/")
      .expect(503);
    expect(failed.text).toContain("Could not save the session");
  });

  it("leaves an answer whole that compression inside it began", async () => {
    const app = createApp({ answer: changing(forms["send"]!), inside: compress });

    await request(app).get("/").expect(200, "hello").expect("Content-Encoding", "gzip");
  });

  it("lets Passport sign people in, or answers 503", async () => {
    const passport = new Passport();
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const inside = passport.session() as RequestHandler;
    const answer: RequestHandler = (req, res, next) =>
      req.user
        ? void res.json(req.user)
        : req.login({ name: "Ada" }, (error) => (error ? next(error) : res.send("in")));
    const visitor = request.agent(createApp({ answer, inside }));

    await visitor.get("/").expect(200, "in");
    await visitor.get("/").expect(200, { name: "Ada" });
    await request(createApp({ answer, inside, store: broken() }))
      .get("/")
      .expect(503);
  });

  it("is an error that says so where it is mounted without a session", async () => {
    const app = express().use(saveSessionFirst());

    await request(app)
      .get("/")
      .expect(500, /Mount saveSessionFirst\(\) directly after express-session/);
  });

  it("lets pass what the session cookie's path leaves out", async () => {
    const app = createApp({ cookie: { path: "/shop" } });
    await request(app).get("/shop").expect(404);

    await request(app).get("/").expect(200, "hello");
  });
});

describeWith("redis-server", "saveSessionFirst over connect-redis", () => {
  let redis: RedisServer;

  beforeAll(async () => (redis = await startRedisServer()));
  afterAll(() => redis.close());

  it.each([
    ["has no replica to write to", ["min-replicas-to-write", "1"], ["min-replicas-to-write", "0"]],
    ["is full", ["maxmemory", "1"], ["maxmemory", "0"]],
    ["is read-only", ["replicaof", "127.0.0.1 1"], ["replicaof", "no one"]],
  ] as const)("answers 503 when Redis %s, where express-session alone says 200", async (_what, fault, cure) => {
    const client = await createClient({ url: redis.url }).connect();
    const store = guardSessionStore(new RedisStore({ client }));
    const answer = changing(forms["redirect"]!);
    await configure(client, fault);

    await request(createApp({ store, answer })).get("/").expect(503).expect("Retry-After", "2");
    await request(createApp({ store, answer, first: false }))
      .get("/")
      .expect(302);
    expect(await client.dbSize()).toBe(0);
    await configure(client, cure);
    await request(createApp({ store, answer })).get("/").expect(302);
    await client.flushAll();
    client.destroy();
  });
});

interface Wishes {
  readonly store?: Store;
  readonly cookie?: SessionOptions["cookie"];
  readonly answer?: RequestHandler;
  /** Mounted before the session, or after ours. */
  readonly outside?: RequestHandler;
  readonly inside?: RequestHandler;
  readonly onError?: (error: { status: number }, res: Response) => void;
  readonly first?: boolean;
}

function createApp(wishes: Wishes): Express {
  const { store = new MemoryStore(), cookie, answer = forms["send"]!, onError, first = true } = wishes;
  const { outside = pass, inside = pass } = wishes;
  const settings = { secret: "s", store, resave: false, saveUninitialized: false };
  const app = express().set("env", "test");
  app.use(outside, session(cookie ? { ...settings, cookie } : settings), first ? saveSessionFirst() : pass, inside);
  app.get("/begin", changing(forms["send"]!));
  app.get("/", answer);
  app.use((error: { status: number }, _req: Request, res: Response, next: NextFunction) =>
    onError && !res.headersSent ? onError(error, res) : next(error),
  );
  return app;
}

function changing(answer: RequestHandler): RequestHandler {
  return (req, res, next) => {
    Object.assign(req.session, { visits: Math.random() });
    return answer(req, res, next);
  };
}

function savingItself(req: Request, res: Response, next: NextFunction): void {
  Object.assign(req.session, { visits: "saved" });
  req.session.save((error) => (error ? next(error) : res.send("hello")));
}

function regenerating(req: Request, res: Response): void {
  req.session.regenerate(() => {
    Object.assign(req.session, { visits: "afresh" });
    res.send("hello");
  });
}

function destroying(req: Request, res: Response): void {
  req.session.destroy(() => res.send("hello"));
}

function unsetting(req: Request, res: Response): void {
  req.session = null as unknown as Request["session"];
  res.send("hello");
}

/** As the compression package does: takes over end(), and decides when the head is written. */
const compress: RequestHandler = (_req, res, next) => {
  const end = res.end.bind(res) as (chunk?: Buffer) => Response;
  res.end = ((chunk?: string | Buffer) => {
    const packed = gzipSync(chunk ?? "");
    if (!res.headersSent) res.removeHeader("Content-Length");
    if (!res.headersSent) res.writeHead(res.statusCode, { "Content-Encoding": "gzip" });
    return end(packed);
  }) as Response["end"];
  next();
};

async function configure(client: { sendCommand(args: string[]): Promise<unknown> }, [name, value]: readonly string[]) {
  const command = name === "replicaof" ? [name, ...value!.split(" ")] : ["CONFIG", "SET", name!, value!];
  await client.sendCommand(command);
}

function pass(_req: Request, _res: Response, next: NextFunction): void {
  next();
}

function raise(error: Error): never {
  throw error;
}
