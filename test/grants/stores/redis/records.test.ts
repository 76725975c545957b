import { createGrantText } from "../../../../src/grants/encryption";
import { newGrantId, type Grant } from "../../../../src/grants/grant";
import { createRedis, type Redis } from "../../../../src/redis/client";
import { createRedisKeys } from "../../../../src/grants/stores/redis/keys";
import { createRedisRecords, readRecord } from "../../../../src/grants/stores/redis/records";
import { newGrant } from "../../../support/grants";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const keys = createRedisKeys("ours:");
const [today, yesterday] = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];
const grant: Grant = { ...newGrant(), version: 1 };
const id = newGrantId();

describe("the record of a grant in Redis", () => {
  it.each([
    ["1 2 text", { version: 1, mark: "2", text: "text" }],
    ["12 34 ", { version: 12, mark: "34", text: "" }],
    ["1 2 two\nlines of 3", { version: 1, mark: "2", text: "two\nlines of 3" }],
  ])("is read from %j", (value, record) => {
    expect(readRecord(value)).toEqual(record);
    expect(readRecord(Buffer.from(value))).toEqual(record);
  });

  it.each([null, undefined, "", "1", "1 2", "a 2 text", "1 b text", "x 1 2 text", "x1 2 text", 7])(
    "is none in %j",
    (value) => {
      expect(readRecord(value)).toBeNull();
    },
  );
});

describeWith("redis-server", "the records of grants in Redis", () => {
  let redis: RedisGrants;
  let sent: [operation: string, writes: boolean][];

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(async () => {
    sent = [];
    await redis.inside.flushAll();
  });
  afterAll(() => redis.close());

  function open(...encryptionKeys: string[]) {
    const inner = createRedis(redis.inside);
    const watched: Redis = {
      run: (operation, call) => (sent.push([operation, call.writes === true]), inner.run(operation, call)),
    };
    const text = createGrantText({ encryptionKeys, acceptUnsealed: true });
    return createRedisRecords({ redis: watched, keys, text });
  }
  const keep = (text: string) => redis.inside.set(keys.grant(id), text, { expiration: { type: "PX", value: 60_000 } });
  const kept = () => redis.inside.get(keys.grant(id));

  it("are found by an id, and with a link where it leads there", async () => {
    const records = open(today);
    await keep(records.encode(id, grant));
    await redis.inside.set(keys.link(id, "a"), "1");
    expect([await records.find(id), await records.find(id, "a")]).toEqual([grant, grant]);
    expect([await records.find(id, "b"), await records.find(newGrantId())]).toEqual([null, null]);
    expect(sent[0]).toEqual(["read a grant", false]);
  });

  it("are not asked for by what is no id", async () => {
    expect(await open(today).find("no id")).toBeNull();
    expect(sent).toEqual([]);
  });

  it("are none in another place, and in another version than stands before them", async () => {
    const records = open(today);
    const text = records.encode(id, grant);
    expect(text).toMatch(/^1 \d+ /);
    expect(text.split(" ")[1]).not.toBe(records.encode(id, grant).split(" ")[1]);
    for (const changed of [
      text.replace(/^1/, "2"),
      text.replace(/^1 (\d+)/, "1 7"),
      records.encode(newGrantId(), grant),
    ]) {
      await keep(changed);
      expect(await records.find(id)).toBeNull();
    }
  });

  it("are written in the version that stands there, and keep their life", async () => {
    const records = open(today);
    await keep(records.encode(id, grant));
    const next = { ...grant, version: 2, accessToken: "second" };
    expect(await records.write(id, 2, next)).toBe(false);
    expect(await records.write(id, 1, next)).toBe(true);
    expect(await records.find(id)).toEqual(next);
    expect(await redis.inside.pTTL(keys.grant(id))).toBeGreaterThan(50_000);
    expect(sent[0]).toEqual(["keep a grant", true]);
  });

  it("are sealed with today's key where another has sealed them, and left as they are where it has", async () => {
    const older = open(yesterday).encode(id, grant);
    await keep(older);
    const records = open(today, yesterday);
    await records.sealAnew(id, readRecord(older)!);
    expect(await open(today).find(id)).toEqual(grant);

    const current = await kept();
    await records.sealAnew(id, readRecord(current)!);
    expect(await kept()).toBe(current);
    await redis.inside.flushAll();
    await records.sealAnew(id, readRecord(older)!);
    expect(await kept()).toBeNull();
  });
});
