import { Redis as IoRedis } from "ioredis";
import { createClient } from "redis";
import { createClient as createClient6 } from "redis-6";
import { StoreError } from "../../../src/errors/errors";
import { postgresGrants } from "../../../src/grants/stores/postgres/postgres";
import { redisGrants } from "../../../src/grants/stores/redis/redis";
import type { GrantStore } from "../../../src/grants/store";
import { newGrant } from "../../support/grants";
import { describeWith } from "../../support/programs";
import { startPostgres, type PostgresDatabase } from "../../support/postgres/postgres";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";
import { startTcpProxy, type TcpProxy } from "../../support/servers/tcp-proxy";

const lifeMs = 60_000;
const second = newGrant({ accessToken: "second" });
const absent = "a".repeat(32);

interface Opened {
  /** Over connections of which one is cut now and then. */
  readonly cut: GrantStore;
  /** Over others, to look what is so. */
  readonly sound: GrantStore;
  readonly close: () => Promise<unknown>;
}

/** What a caller hears of work whose answer was lost: null where the client found out all the same. */
type Lost = <T>(work: () => Promise<T>) => Promise<T | null>;

/** Each way to write, with the connection cut as the answer comes; what a caller was told has to be so. */
const writes: [what: string, tells: (stores: Opened, lost: Lost) => Promise<void>][] = [
  [
    "create",
    async ({ cut, sound }, lost) => {
      const id = await lost(() => cut.create(newGrant(), lifeMs, "a"));
      if (id)
        expect([await sound.get(id, "a"), await sound.idsOf(null, 7)]).toEqual([{ ...newGrant(), version: 1 }, [id]]);
      // What was given up is taken back, as soon as there is a connection again.
      else
        await untilSo(
          async () => (await sound.companies(null, null, 10)).companies.length === 0 || (await allGone(sound)),
        );
    },
  ],
  [
    "replace",
    async ({ cut, sound }, lost) => {
      const id = await sound.create(newGrant(), lifeMs);
      expect(await lost(() => cut.replace(id, 1, second))).not.toBe(false);
      const { version, accessToken } = (await sound.get(id))!;
      expect([version, accessToken]).toEqual(version === 2 ? [2, "second"] : [1, "access-0"]);
      expect(await again(() => cut.replace(id, version, second))).toBe(true);
      expect((await sound.get(id))!.version).toBe(version + 1);
    },
  ],
  [
    "prolong, link and unlink",
    async ({ cut, sound }, lost) => {
      const id = await sound.create(newGrant(), lifeMs, "a");
      expect(await lost(() => cut.prolong(id, 2 * lifeMs, "a"))).not.toBe(false);
      expect(await lost(() => cut.link(id, "b", lifeMs, "a"))).not.toBe(false);
      expect(await again(() => cut.link(id, "c", lifeMs, "a"))).toBe(true);
      expect(await sound.get(id, "c")).toMatchObject({ version: 1 });
      await lost(() => cut.unlink(id, "c"));
      await again(() => cut.unlink(id, "c"));
      expect([await sound.get(id, "c"), await sound.get(id, "a")]).toMatchObject([null, { version: 1 }]);
    },
  ],
  [
    "delete",
    async ({ cut, sound }, lost) => {
      const id = await sound.create(newGrant(), lifeMs);
      await lost(() => cut.delete(id));
      await again(() => cut.delete(id));
      expect([await sound.get(id), await allGone(sound)]).toEqual([null, true]);
    },
  ],
  [
    "claim, renewClaim and settle",
    async ({ cut, sound }, lost) => {
      const first = await lost(() => cut.claim("attempt", "ours", lifeMs));
      if (first) expect(first.ours).toBe(true);
      // What was given up is given back.
      else await untilSo(async () => (await sound.claim("attempt", "ours again", lifeMs)).ours);
      expect((await sound.claim("attempt", "theirs", lifeMs)).ours).toBe(false);
      expect(await lost(() => cut.renewClaim("attempt", first ? "ours" : "ours again", lifeMs))).not.toBe(false);
      await lost(() => cut.settle("attempt", { grantId: absent }, lifeMs));
      await again(() => cut.settle("attempt", { grantId: absent }, lifeMs));
      expect(await sound.outcome("attempt")).toEqual({ grantId: absent });
    },
  ],
  [
    "withLock",
    async ({ cut, sound }, lost) => {
      await lost(() => cut.withLock("a name", () => Promise.resolve("done")));
      await untilSo(() => sound.withLock("a name", () => Promise.resolve(true)));
    },
  ],
  [
    "put and delete of a record",
    async ({ cut, sound }, lost) => {
      const [marks, seen] = [cut.records("marks"), sound.records("marks")];
      const version = await lost(() => marks.put("a", "1", { version: null, lifeMs }));
      if (version !== null) expect(await seen.get("a")).toEqual({ key: "a", value: "1", version });
      const kept = (await seen.get("a"))?.version ?? (await seen.put("a", "1", { version: null, lifeMs }))!;
      const next = await lost(() => marks.put("a", "2", { version: kept, lifeMs }));
      if (next !== null) expect(await seen.get("a")).toEqual({ key: "a", value: "2", version: next });
      await lost(() => marks.delete("a"));
      await again(() => marks.delete("a"));
      expect(await seen.list(null, 10)).toEqual({ records: [], cursor: null });
    },
  ],
];

/** Whatever names and ids were noted, nothing is found under them. */
async function allGone(store: GrantStore): Promise<boolean> {
  const ids = await store.idsOf(null, 7);
  return (await Promise.all(ids.map((id) => store.get(id)))).every((grant) => grant === null);
}

/** As who is told of a failure may: once there is a connection again. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function untilSo(condition: () => Promise<boolean>): Promise<void> {
  await again(async () => expect(await condition()).toBe(true));
}

function describeCuts(open: (proxy: TcpProxy) => Promise<Opened>, serverPort: () => number): void {
  let proxy: TcpProxy;
  let stores: Opened;

  beforeEach(async () => {
    proxy = await startTcpProxy(serverPort());
    stores = await open(proxy);
  });
  afterEach(async () => {
    await stores.close();
    await proxy.close();
  });

  const each = [1, 2, 3].flatMap((nth) => writes.map(([what, tells]) => [nth, what, tells] as const));
  it.each(each)("at the answer number %i, tells what is so of %s", async (nth, _what, tells) => {
    await again(() => stores.cut.get(absent));
    // The first write asks for the time.
    await again(() => stores.cut.claim("to know the time", "owner", 1_000));
    await tells(stores, async (work) => {
      await again(() => stores.cut.get(absent));
      proxy.cutAnswers(nth);
      try {
        return await work();
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        return null;
      } finally {
        proxy.cutAnswers(false);
      }
    });
  });
}

describeWith("redis-server", "redisGrants, whose connection is cut as Redis answers", () => {
  let server: RedisServer;
  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  describe.each([
    ["node-redis 5", createClient],
    ["node-redis 6", createClient6 as unknown as typeof createClient],
  ])("%s", (_name, create) => {
    describeCuts(
      async ({ port }) => {
        const [client, inside] = [create({ url: `redis://127.0.0.1:${port}` }), create({ url: server.url })];
        client.on("error", () => undefined);
        await Promise.all([client.connect(), inside.connect()]);
        await inside.flushAll();
        const close = () => Promise.resolve([client, inside].map((one) => one.destroy()));
        return { cut: redisGrants(client), sound: redisGrants(inside), close };
      },
      () => server.port,
    );
  });

  describe("ioredis, which sends again what was not answered", () => {
    describeCuts(
      async ({ port }) => {
        const [client, inside] = [new IoRedis(port, "127.0.0.1"), new IoRedis(server.port, "127.0.0.1")];
        client.on("error", () => undefined);
        await inside.flushall();
        const close = () => Promise.resolve([client, inside].map((one) => one.disconnect()));
        return { cut: redisGrants(client), sound: redisGrants(inside), close };
      },
      () => server.port,
    );
  });
});

describeWith("postgres", "postgresGrants, whose connection is cut as PostgreSQL answers", () => {
  let postgres: PostgresDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgresGrants(postgres.pool(), { migrate: true }).check!();
  });
  afterAll(() => postgres.close());

  describeCuts(
    async ({ port }) => {
      await postgres.empty();
      const pool = postgres.pool({ port, host: "127.0.0.1" });
      return { cut: postgresGrants(pool), sound: postgresGrants(postgres.pool()), close: () => pool.end() };
    },
    () => postgres.address.port,
  );
});
