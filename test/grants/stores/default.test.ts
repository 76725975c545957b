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

    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("redisGrants(client)"), expect.anything());
    warned.mockRestore();
  });
});
