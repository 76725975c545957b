import { createRedis, type Redis, type ScriptCall } from "../../../../src/redis/client";
import type { Reply } from "../../../../src/redis/reply";
import { createRedisClaims } from "../../../../src/grants/stores/redis/claims";
import { createRedisKeys } from "../../../../src/grants/stores/redis/keys";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const keys = createRedisKeys("ours:");

describeWith("redis-server", "claims in Redis", () => {
  let redis: RedisGrants;
  let sent: [operation: string, call: ScriptCall][];
  let claims: ReturnType<typeof createRedisClaims>;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(async () => {
    await redis.inside.flushAll();
    const inner = createRedis(redis.inside);
    sent = [];
    const watched: Redis = { run: (operation, call) => (sent.push([operation, call]), inner.run(operation, call)) };
    claims = createRedisClaims(watched, keys);
  });
  afterAll(() => redis.close());

  const ttlOf = async (key: string) => Math.ceil((await redis.inside.pTTL(key)) / 1_000);

  it("are one owner's, for as long as was said, and again as long once renewed", async () => {
    expect(await claims.claim("a", "ours", 9_999.2)).toEqual({ ours: true, ageMs: 0 });
    expect(await ttlOf("ours:{a}:claim")).toBe(10);
    expect(await claims.claim("a", "theirs", 60_000)).toEqual({ ours: false, ageMs: expect.any(Number) });
    expect(await claims.renewClaim("a", "theirs", 60_000)).toBe(false);
    expect(await ttlOf("ours:{a}:claim")).toBe(10);
    expect(await claims.renewClaim("a", "ours", 59_999.2)).toBe(true);
    expect(await ttlOf("ours:{a}:claim")).toBe(60);
    expect(await claims.renewClaim("b", "ours", 60_000)).toBe(false);
  });

  it("say how old they are, and of no time to come", async () => {
    const time = Date.now();
    await redis.inside.set("ours:{a}:claim", `${time - 7_000} theirs`);
    await redis.inside.set("ours:{b}:claim", `${time + 600_000} theirs`);
    const { ours, ageMs } = await claims.claim("a", "ours", 1_000);
    expect([ours, Math.floor(ageMs / 5_000)]).toEqual([false, 1]);
    expect(await claims.claim("b", "ours", 1_000)).toEqual({ ours: false, ageMs: 0 });
  });

  it("are given back by what was called for them and failed, and only where they are still that owner's", async () => {
    await claims.claim("a", "ours", 60_000);
    const [, { undo, writes }] = sent[0]!;
    await redis.inside.set("ours:{a}:claim", "1 theirs");
    await undo!();
    expect([await redis.inside.exists("ours:{a}:claim"), writes]).toEqual([1, true]);
    await redis.inside.set("ours:{a}:claim", "1 ours");
    await undo!();
    expect(await redis.inside.exists("ours:{a}:claim")).toBe(0);
    expect(sent.at(-1)![0]).toBe("give a claim back");
  });

  it("leave an outcome, for as long as was said", async () => {
    expect(await claims.outcome("a")).toBeNull();
    await claims.settle("a", { error: "access_denied" }, 59_999.2);
    expect(await claims.outcome("a")).toEqual({ error: "access_denied" });
    expect(await ttlOf("ours:{a}:outcome")).toBe(60);
    await redis.inside.set("ours:{a}:outcome", "no JSON");
    expect(await claims.outcome("a")).toBeNull();
  });

  it("say what was done, and that it is no longer done once it was given up", async () => {
    await claims.claim("a", "ours", 1_000);
    await claims.renewClaim("a", "ours", 1_000);
    await claims.settle("a", { grantId: "g" }, 1_000);
    await claims.outcome("a");
    expect(sent.map(([operation, { writes = false }]) => [operation, writes])).toEqual([
      ["claim a sign-in", true],
      ["renew a claim", true],
      ["keep a sign-in's outcome", true],
      ["read a sign-in's outcome", false],
    ]);
  });

  it.each<[Reply, object]>([
    [["1", "250"], { ours: true, ageMs: 250 }],
    [[0, 250], { ours: false, ageMs: 250 }],
    [[1], { ours: true, ageMs: 0 }],
    [null, { ours: false, ageMs: 0 }],
    ["1", { ours: false, ageMs: 0 }],
  ])("are read from %j", async (reply, claim) => {
    const answering = createRedisClaims({ run: () => Promise.resolve(reply) }, keys);
    expect(await answering.claim("a", "ours", 1_000)).toEqual(claim);
  });
});
