import { RedisStore } from "connect-redis";
import { RedisStore as RedisStore8 } from "connect-redis-8";
import session = require("express-session");
import { createClient } from "redis";
import { createClient as createClient6 } from "redis-6";
import { grantsOf } from "../../../src/grants/stores/default";
import { newGrant } from "../../support/grants";
import { describeWith } from "../../support/programs";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";

const encryptionKeys = ["a key of thirty-two characters or so"];

describe("grantsOf", () => {
  it("answers everyone who has the same session store with the same grants", () => {
    const [sessions, others] = [new session.MemoryStore(), new session.MemoryStore()];

    expect(grantsOf(sessions)).toBe(grantsOf(sessions));
    expect(grantsOf(sessions, { encryptionKeys })).toBe(grantsOf(sessions, { encryptionKeys: [...encryptionKeys] }));
    expect(grantsOf(sessions)).not.toBe(grantsOf(sessions, { encryptionKeys }));
    expect(grantsOf(sessions)).not.toBe(grantsOf(others));
  });

  it("seals with the keys that are given, and believes nothing unsealed then unless it is told to", async () => {
    const sessions = new session.MemoryStore();
    const id = await grantsOf(sessions).create(newGrant(), 60_000);
    const sealed = grantsOf(sessions, { encryptionKeys });
    expect([sealed.seals, await sealed.get(id)]).toEqual([true, null]);
    expect(await grantsOf(sessions, { encryptionKeys, acceptUnsealed: true }).get(id)).toMatchObject({ version: 1 });
    expect(() => grantsOf(sessions, 7 as never)).toThrow("encryptionKeys takes an object of options; got a number.");
  });

  it("warns of no store that hides no Redis", () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation();
    const client = { get: () => null, mget: () => null };
    for (const shown of [{}, { client: {} }, { client }]) grantsOf(Object.assign(new session.MemoryStore(), shown));
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describeWith("redis-server", "grantsOf a session store over Redis", () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;

  beforeAll(async () => (server = await startRedisServer()));
  afterAll(() => server.close());

  beforeEach(async () => {
    client = createClient({ url: server.url });
    await client.connect();
    await client.flushAll();
  });
  afterEach(() => client.close());

  async function keysAfterCreate(store: session.Store): Promise<string[]> {
    const id = await grantsOf(store).create(newGrant(), 60_000);
    const keys = (await client.keys("*")).map((key) => key.replace(id, "ID"));
    return keys.map((key) => key.replace(/(companies:?:)\d{1,3}|(ac_companies_).*/, "$1$2PART")).sort();
  }

  it("keeps them in that Redis when the store shows its client", async () => {
    expect(await keysAfterCreate(new RedisStore({ client }))).toEqual([
      "aircall:{ID}:grant",
      "aircall:{companies::PART}",
      "aircall:{company:7}:grants",
    ]);
  });

  it("does so with node-redis 6 too", async () => {
    const client6 = await createClient6({ url: server.url }).connect();
    const store = Object.assign(new session.MemoryStore(), { client: client6 });

    expect(await keysAfterCreate(store)).toContain("aircall:{ID}:grant");
    await client6.close();
  });

  it("keeps two apps apart whose sessions are kept apart", async () => {
    expect(await keysAfterCreate(new RedisStore({ client, prefix: "shop:" }))).toEqual([
      "aircall:shop:{ID}:grant",
      "aircall:shop:{companies::PART}",
      "aircall:shop:{company:7}:grants",
    ]);
  });

  it("keeps them beside the sessions, and says so once, when connect-redis 8 hides its client", async () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation();
    const store = new RedisStore8({ client });

    expect(await keysAfterCreate(store)).toEqual(["sess:ac_ID", "sess:ac_companies_PART", "sess:ac_company_7"]);
    grantsOf(store);

    expect(warned.mock.calls).toEqual([
      [
        "express-aircall cannot reach the Redis client inside this session store (connect-redis 8 hides it), so grants " +
          "are kept beside the sessions: exact in one process only. With several, pass " +
          "aircallAuth({ grants: redisGrants(client) }), or use connect-redis 9.",
        { code: "EXPRESS_AIRCALL_REDIS" },
      ],
    ]);
    warned.mockRestore();
  });
});
