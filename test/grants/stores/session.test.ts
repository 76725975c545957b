import { RedisStore } from "connect-redis";
import session = require("express-session");
import { createClient } from "redis";
import { StoreError } from "../../../src/errors/errors";
import type { SessionStore } from "../../../src/session/session";
import { sessionGrants } from "../../../src/grants/stores/session";
import { createClock, newGrant } from "../../support/grants";
import { describeWith } from "../../support/programs";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";
import { describeGrantStore } from "./contract";

describeGrantStore("sessionGrants over MemoryStore", (now) => ({
  store: sessionGrants(new session.MemoryStore(), { now }),
}));

describeWith("redis-server", "with connect-redis", () => {
  let server: RedisServer;

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  async function connect() {
    const client = createClient({ url: server.url });
    await client.connect();
    await client.flushAll();
    return client;
  }

  describeGrantStore(
    "sessionGrants over connect-redis",
    async (now) => {
      const client = await connect();
      return { store: sessionGrants(new RedisStore({ client }), { now }), close: () => client.close() };
    },
    { numRuns: 100 },
  );

  it("gives a record its own life in Redis, not the app's default", async () => {
    const client = await connect();
    const store = sessionGrants(new RedisStore({ client, ttl: 5 }));
    const id = await store.create(newGrant(), 3_600_000);
    await store.replace(id, 1, newGrant());

    expect(await client.ttl(`sess:ac_${id}`)).toBeGreaterThan(7_190);
    await client.close();
  });

  it.each([
    ["broken JSON", "{"],
    ["a session of the app's", '{"cookie":{},"user":1}'],
    ["a record of another kind", '{"cookie":{},"aircall":{"grant":7}}'],
    ["a grant of another kind", '{"cookie":{},"aircall":{"grant":"{}","lifeMs":1,"endsAt":9e15}}'],
  ])("takes %s under its key for no grant", async (_what, junk) => {
    const client = await connect();
    const store = sessionGrants(new RedisStore({ client }));
    await client.set(`sess:ac_${"a".repeat(32)}`, junk);

    expect(await store.get("a".repeat(32))).toBeNull();
    expect(await store.replace("a".repeat(32), 1, newGrant())).toBe(false);
    await client.close();
  });

  it("reports nothing as stored when Redis takes no writes", async () => {
    const client = await connect();
    const store = sessionGrants(new RedisStore({ client }));
    const id = await store.create(newGrant(), 60_000);
    await client.configSet({ maxmemory: "1", "maxmemory-policy": "noeviction" });

    await expect(store.create(newGrant(), 60_000)).rejects.toBeInstanceOf(StoreError);
    await expect(store.replace(id, 1, newGrant())).rejects.toMatchObject({ status: 503, cause: { code: "OOM" } });
    expect(await store.get(id)).toMatchObject({ version: 1 });

    await client.configSet("maxmemory", "0");
    await client.close();
  });
});

describe("sessionGrants", () => {
  it("uses keys of at most 36 characters, and no key of the app's", async () => {
    const sessions = new session.MemoryStore();
    const id = await sessionGrants(sessions).create(
      newGrant({ account: { ...newGrant().account, id: 2 ** 53 - 1 } }),
      1,
    );

    const keys = Object.keys((sessions as unknown as { sessions: object }).sessions);
    expect(keys).toContain(`ac_${id}`);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatch(/^ac_[\w-]{1,33}$/);
  });

  it("gives every record a cookie of express-session's own, with the life that is left", async () => {
    const clock = createClock(Date.now());
    const sessions = new session.MemoryStore();
    const written: session.SessionData[] = [];
    sessions.set = (_id, document, done) => void (written.push(document), setImmediate(() => done?.()));

    await sessionGrants(sessions, { now: clock.now }).create(newGrant(), 60_000);

    const [ofCompany, listed, ofGrant] = written;
    expect(listed!.cookie).toBeInstanceOf(session.Cookie);
    for (const { cookie } of [ofCompany!, ofGrant!]) {
      expect(cookie).toBeInstanceOf(session.Cookie);
      expect(cookie.originalMaxAge).toBe(120_000);
      expect(cookie.expires?.getTime()).toBeGreaterThan(Date.now() + 110_000);
    }
    expect(written).toHaveLength(3);
  });

  it("takes a store's ENOENT for a key that is absent", async () => {
    const missing = storeThat({ get: (_id, done) => done(Object.assign(new Error("no file"), { code: "ENOENT" })) });

    expect(await sessionGrants(missing).get("a".repeat(32))).toBeNull();
  });

  it.each<[string, Partial<SessionStore>]>([
    ["answers with an error", { get: (_id, done) => done(new Error("token=abc")) }],
    ["throws", { get: () => raise(new Error("token=abc")) }],
  ])("rejects with a StoreError that tells no secret when the store %s", async (_what, behaviour) => {
    const failure: unknown = await sessionGrants(storeThat(behaviour))
      .get("a".repeat(32))
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: "store_failed", operation: "read a grant" });
    expect(JSON.stringify(failure) + String((failure as Error).cause)).not.toContain("abc");
  });

  it("still hands out a grant whose life could not be extended", async () => {
    const clock = createClock(Date.now());
    const sessions = new session.MemoryStore();
    const store = sessionGrants(sessions, { now: clock.now });
    const id = await store.create(newGrant(), 60_000);
    sessions.set = (_id, _document, done) => done?.(new Error("read-only"));
    clock.pass(60_000);

    expect(await store.get(id)).toMatchObject({ accessToken: "access-0" });
  });

  it("lets nobody wait longer than two seconds for a store that hangs", async () => {
    jest.useFakeTimers();
    const waiting = sessionGrants(storeThat({ get: () => undefined })).get("a".repeat(32));
    const outcome = waiting.catch((error: unknown) => error);

    await jest.advanceTimersByTimeAsync(2_001);

    expect(await outcome).toBeInstanceOf(StoreError);
    jest.useRealTimers();
  });
});

function storeThat(behaviour: Partial<SessionStore>): SessionStore {
  return Object.assign(new session.MemoryStore(), behaviour);
}

function raise(error: Error): never {
  throw error;
}
