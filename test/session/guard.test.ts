import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { RedisStore } from "connect-redis";
import express from "express";
import session, { Cookie, MemoryStore, Store } from "express-session";
import { ConfigError, guardSessionStore, sessionGrants, StoreError } from "express-aircall";
import { createClient } from "redis";
import request from "supertest";
import { Client } from "undici";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { storeThat } from "../support/apps/session-stores";
import { promised } from "../support/promised";

const never = () => undefined;
const document = { cookie: new Cookie() };

describe("guardSessionStore", () => {
  it.each([
    ["hangs", never, "the store did not answer within 0.05 s"],
    ["throws", () => raise(new Error("token-4711")), "the store answered with an error"],
    ["rejects", () => Promise.reject(new Error("token-4711")), "the store answered with an error"],
    [
      "answers with an error",
      (_id: string, done: Done) => done(new Error("token-4711")),
      "the store answered with an error",
    ],
  ])("answers a StoreError when the store %s", async (_what, get, reason) => {
    const guarded = guardSessionStore(storeThat({ get: get as Store["get"] }), { timeoutMs: 50 });
    const error = await promisify(guarded.get.bind(guarded))("id").catch((error: unknown) => error);

    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ status: 503, message: `Could not read the session: ${reason}` });
    expect((error as StoreError).headers).toEqual({ "Retry-After": "2" });
    expect(JSON.stringify(error) + (error as Error).stack + String((error as Error).cause)).not.toContain("token-4711");
  });

  it("holds its deadline for every call", async () => {
    const store = storeThat({ set: never, destroy: never, all: never, length: never, clear: never });
    const calls: ((guarded: MemoryStore, done: Done) => void)[] = [
      (guarded, done) => guarded.set("id", document, done),
      (guarded, done) => guarded.destroy("id", done),
      (guarded, done) => guarded.all(done),
      (guarded, done) => guarded.length(done),
      (guarded, done) => guarded.clear(done),
    ];
    for (const call of calls) {
      const guarded = guardSessionStore(store, { timeoutMs: 50 });
      await expect(promisify(call)(guarded)).rejects.toMatchObject({ code: "store_failed" });
    }
  });

  it("lets an answer that is finished wait for a tenth of the time, so that a request stays within 2.5 s", async () => {
    const guarded = guardSessionStore(storeThat({ touch: never }), { timeoutMs: 500 });
    const touch = guarded.touch.bind(guarded) as (id: string, session: object) => unknown;

    await expect(touch("id", document)).rejects.toThrow("did not answer within 0.05 s");
  });

  it.each([
    ["fails", (_id: string, _document: unknown, done?: Done) => done?.(new Error("READONLY"))],
    ["never answers", never],
  ])("keeps the visitor's connection open when extending the session %s", async (_what, touch) => {
    const store = guardSessionStore(storeThat({ touch }), { timeoutMs: 100 });
    const app = express().use(session({ secret: "a secret", store, resave: false, saveUninitialized: true }));
    const server = app.get("/", (_req, res) => void res.send("ok")).listen(0);
    const client = new Client(`http://localhost:${(server.address() as AddressInfo).port}`);
    const visit = (cookie = "") => client.request({ path: "/", method: "GET", headers: { cookie } });
    const { headers, body } = await visit();
    await body.dump();

    for (let n = 0; n < 5; n += 1) {
      const answer = await visit(String(headers["set-cookie"]).split(";")[0]);
      expect([answer.statusCode, await answer.body.text()]).toEqual([200, "ok"]);
    }
    await client.close();
    server.close();
  });

  it("passes on what the store answers, once", async () => {
    const twice = storeThat({ get: (_id, done) => (done(null, document), done(null, null), done(new Error())) });
    const answers: unknown[] = [];
    guardSessionStore(twice).get("id", (error, found) => answers.push([error, found]));
    await wait(20);

    expect(answers).toEqual([[null, document]]);
  });

  it("ignores an answer that comes late", async () => {
    const late = storeThat({ get: (_id, done) => setTimeout(done, 100, null, document) });
    const answers: unknown[] = [];
    guardSessionStore(late, { timeoutMs: 50 }).get("id", (error) => answers.push(error));
    await wait(150);

    expect(answers).toEqual([expect.any(StoreError)]);
  });

  it("lets nobody wait once somebody waited in vain, until the store answers anyone", async () => {
    let release: () => void = never;
    const store = storeThat({ get: (_id, done) => void (release = () => done(null, document)) });
    const read = reader(guardSessionStore(store, { timeoutMs: 100 }));
    await expect(read("a")).rejects.toThrow("did not answer within");

    await expect(read("b")).rejects.toThrow("has stopped answering");
    release();
    const next = read("c");
    release();

    expect(await next).toEqual(document);
  });

  it("lets one caller try again after half the time", async () => {
    let hangs = true;
    const store = storeThat({ get: (_id, done) => (hangs ? undefined : done(null, document)) });
    const read = reader(guardSessionStore(store, { timeoutMs: 100 }));
    await read("a").catch(never);
    hangs = false;
    await wait(60);

    expect(await read("b")).toEqual(document);
  });

  it("still asks a store that answers others", async () => {
    const store = storeThat({ get: (id, done) => (id === "stuck" ? undefined : done(null, document)) });
    const read = reader(guardSessionStore(store, { timeoutMs: 100 }));
    const stuck = read("stuck").catch((error: unknown) => error);
    await wait(30);
    await read("other");

    expect(await stuck).toBeInstanceOf(StoreError);
    expect(await read("other")).toEqual(document);
  });

  it("lets no more than `maxWaiting` calls wait", async () => {
    const read = reader(guardSessionStore(storeThat({ get: never }), { timeoutMs: 50, maxWaiting: 2 }));
    const waiting = [read("a"), read("b")].map((answer) => answer.catch(never));

    await expect(read("c")).rejects.toThrow("2 calls wait for the store already");
    await Promise.all(waiting);
  });

  it("takes a store's ENOENT for no session, as express-session does", async () => {
    const error = Object.assign(new Error("no such file"), { code: "ENOENT" });
    const read = reader(guardSessionStore(storeThat({ get: (_id, done) => done(error) })));

    expect(await read("id")).toBeNull();
  });

  it("still lets junk under a grant's key be no grant", async () => {
    const junk = storeThat({ get: (_id, done) => done(new SyntaxError("Unexpected token")) });

    expect(await sessionGrants(guardSessionStore(junk)).get("a".repeat(32))).toBeNull();
  });

  it("answers a promise where there is no callback, and nobody has to mind its rejection", async () => {
    const guarded = guardSessionStore(storeThat({ destroy: (_id, done) => done?.(new Error("READONLY no")) }));
    const destroy = guarded.destroy.bind(guarded) as (id: string, done?: Done) => unknown;
    destroy("id", undefined);
    await wait(10);

    await expect(destroy("id")).rejects.toMatchObject({ cause: { message: "READONLY" } });
  });

  it("deals a session's own methods their deadline too", async () => {
    const guarded = guardSessionStore(storeThat({ destroy: never }), { timeoutMs: 50 });
    const app = express();
    app.use(session({ secret: "s", store: guarded, resave: false, saveUninitialized: false }));
    app.get("/", (req, _res, next) => void req.session.regenerate(next));

    await request(app).get("/").expect(503).expect("Retry-After", "2");
  });

  it("is the same store in all other respects", () => {
    const heard = jest.fn();
    const store = Object.assign(new MemoryStore(), { client: { eval: never }, prefix: "sess:" });
    const guarded = guardSessionStore(store);
    guarded.once("disconnect", heard);
    store.emit("disconnect");

    expect(guarded).toBeInstanceOf(Store);
    expect(guarded.constructor).toBe(MemoryStore);
    expect(guarded.client).toBe(store.client);
    expect(guarded.prefix).toBe("sess:");
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.listenerCount("disconnect")).toBe(0);
  });

  describe("over a store with methods and private fields of its own", () => {
    class OwnStore extends MemoryStore {
      readonly #seen: string[] = [];
      #limit = 10;
      readonly format = function (this: unknown) {
        return this;
      };

      override get(id: string, done: (error: unknown, found?: session.SessionData | null) => void): void {
        this.#seen.push(id);
        super.get(id, done);
      }
      get limit(): number {
        return this.#limit;
      }
      set limit(limit: number) {
        this.#limit = limit;
      }
      seen(): readonly string[] {
        return this.#seen;
      }
      async seenLater(): Promise<number> {
        await wait(1);
        return this.#seen.length;
      }
      itself(): this {
        return this;
      }
    }

    it("is that store for methods, accessors, promises and chains", async () => {
      const guarded = guardSessionStore(new OwnStore());
      await reader(guarded)("a");
      guarded.limit += 1;

      expect(guarded.seen()).toEqual(["a"]);
      expect(await guarded.seenLater()).toBe(1);
      expect(guarded.limit).toBe(11);
      expect(guarded.itself()).toBe(guarded);
      expect(guarded.on("disconnect", never)).toBe(guarded);
      expect(Reflect.get(guarded, "seen")).toBe(Reflect.get(guarded, "seen"));
      expect(guarded.format()).toBe(guarded);
    });

    it.each<[string, (guarded: OwnStore, done: Done) => unknown]>([
      ["load", (guarded, done) => guarded.load("a", done)],
      ["regenerate", (guarded, done) => guarded.regenerate({ sessionID: "a" } as never, done)],
    ])("holds its deadline within %s", async (_name, call) => {
      const store = Object.assign(new OwnStore(), { get: never, destroy: never, generate: never });
      const guarded = guardSessionStore(store, { timeoutMs: 50 });

      await expect(promisify(call)(guarded)).rejects.toMatchObject({ code: "store_failed" });
    });

    it.each(["get", "reload", "regenerate", "save", "destroy"])("serves %s of a session", async (name) => {
      const store = guardSessionStore(new OwnStore());
      const app = express();
      app.use(session({ secret: "s", store, resave: false, saveUninitialized: true }));
      app.get("/", (req, res, next) => {
        const { [name]: act } = req.session as unknown as Record<string, (done: (error?: unknown) => void) => void>;
        if (!act) return void res.send("ok");
        act.call(req.session, (error) => (error ? next(error) : res.send("ok")));
      });
      const visitor = request.agent(app);
      if (name !== "reload") await visitor.get("/").expect(200, "ok");
      else await visitor.get("/elsewhere").expect(404);

      await visitor.get("/").expect(200, "ok");
    });
  });

  it("offers no more than the store does", () => {
    const store = Object.assign(new MemoryStore(), { touch: undefined as unknown as MemoryStore["touch"] });

    expect(guardSessionStore(store)).toHaveProperty("touch", undefined);
  });

  it.each([
    ["no store", () => guardSessionStore({} as MemoryStore), "takes a store for express-session"],
    ["no time", () => guardSessionStore(new MemoryStore(), { timeoutMs: 0 }), "timeoutMs must be"],
    ["room for nobody", () => guardSessionStore(new MemoryStore(), { maxWaiting: 0 }), "maxWaiting must be"],
    [
      "a misspelled option",
      () => guardSessionStore(new MemoryStore(), { timeout: 1 } as object),
      'Did you mean "timeoutMs"?',
    ],
  ])("refuses %s at once", (_what, guard, words) => {
    expect(guard).toThrow(ConfigError);
    expect(guard).toThrow(words);
  });
});

describe("a store that shows the Redis behind it", () => {
  const store = new RedisStore({ client: createClient() });
  const grants = sessionGrants(store);
  const guarded = guardSessionStore(store);

  it.each<[string, () => Promise<unknown>]>([
    ["read the session", () => promisify((done: Done) => void guarded.get("id", done))()],
    ["save the session", () => promisify((done: Done) => void guarded.set("id", document as never, done))()],
    ["read a grant", () => grants.get("g".repeat(32))],
    ["delete a grant", () => grants.delete("g".repeat(32))],
  ])("is called Redis where it could not %s", async (operation, call) => {
    const reason = "Redis (the client of the session store) answered with an error";
    await expect(call()).rejects.toMatchObject({ message: `Could not ${operation}: ${reason}` });
  });
});

describeWith("redis-server", "guardSessionStore over connect-redis", () => {
  let redis: RedisServer;
  const open: { destroy(): void }[] = [];

  beforeEach(async () => (redis = await startRedisServer()));
  afterEach(async () => {
    process.kill(redis.pid, "SIGCONT");
    open.splice(0).forEach((client) => client.destroy());
    await redis.close();
  });

  async function createApp(guard: (store: RedisStore) => RedisStore) {
    const client = createClient({ url: redis.url });
    open.push(client.on("error", never));
    await client.connect();
    const app = express();
    const store = guard(new RedisStore({ client }));
    app.use(session({ secret: "s", store, resave: false, saveUninitialized: false }));
    app.get("/begin", (req, res) => void res.json(Object.assign(req.session, { user: 1 })));
    app.get("/stop", (_req, res) => void res.json(process.kill(redis.pid, "SIGSTOP")));
    app.get("/", (_req, res) => void res.send("hello"));
    const visitor = request.agent(app);
    await visitor.get("/begin").expect(200);
    return visitor;
  }

  it("answers every request while Redis is stopped, and is back soon after", async () => {
    const [visitor, unguarded] = await Promise.all([createApp(guardSessionStore), createApp((store) => store)]);
    process.kill(redis.pid, "SIGSTOP");
    const hanging = unguarded
      .get("/")
      .timeout(3_000)
      .ok(never as never);
    const left = expect(hanging).rejects.toMatchObject({ timeout: 3_000 });

    const took = await Promise.all([1, 2, 3].map(() => timed(visitor.get("/").expect(503).expect("Retry-After", "2"))));
    const stuck = /Could not read the session: Redis \(the client of the session store\) has stopped answering/;
    const tookNext = await timed(visitor.get("/").expect(503).expect(stuck));
    await left;
    process.kill(redis.pid, "SIGCONT");

    expect(Math.max(...took)).toBeLessThan(promised(2_500));
    expect(tookNext).toBeLessThan(promised(500));
    expect(await timed(until(() => visitor.get("/").then(({ status }) => status === 200)))).toBeLessThan(
      promised(5_000),
    );
  }, 15_000);

  it("does not hold up an answer that was under way when Redis stopped", async () => {
    const visitor = await createApp(guardSessionStore);

    expect(await timed(visitor.get("/stop").expect(200))).toBeLessThan(promised(1_000));
  });

  it("is back soon after Redis was killed and started again", async () => {
    const visitor = await createApp(guardSessionStore);
    process.kill(redis.pid, "SIGKILL");
    const took = await timed(visitor.get("/").expect(503));
    await redis.close();
    redis = await startRedisServer({ findPort: () => redis.port });

    expect(took).toBeLessThan(promised(2_500));
    expect(await timed(until(() => visitor.get("/").then(({ status }) => status === 200)))).toBeLessThan(
      promised(5_000),
    );
  }, 15_000);
});

type Done = (error?: unknown, value?: unknown) => void;

function reader(store: Store): (id: string) => Promise<unknown> {
  return promisify(store.get.bind(store));
}

function raise(error: Error): never {
  throw error;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function timed(work: PromiseLike<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}

async function until(fact: () => Promise<boolean>): Promise<void> {
  while (!(await fact())) await wait(50);
}
