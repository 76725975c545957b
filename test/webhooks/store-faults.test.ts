import { redisGrants } from "express-aircall";
import { describeWith } from "../support/programs";
import { promised } from "../support/promised";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { delivery } from "./parse/deliveries";
import { companiesAuth, startReceiving } from "./receiving";

const call = (id: number) => delivery({ data: { id, status: "done" } });

describeWith("redis-server", "aircallWebhooks, with a Redis that fails", () => {
  let redis: RedisGrants;

  beforeEach(async () => {
    redis = await startRedisGrants();
  });
  afterEach(async () => {
    process.kill(redis.server.pid, "SIGCONT");
    await redis.close();
  });

  async function startWithToken() {
    const { auth, keepToken } = companiesAuth(redisGrants(await redis.connect()));
    await keepToken(7);
    const seen: number[] = [];
    const { send } = await startReceiving(
      { onAny: ({ data }) => void seen.push(Number(data["id"])), tokens: [] },
      { auth },
    );
    expect(await send(call(1))).toBe(200);
    return { send, seen };
  }

  it("that hangs answers within 3.5 seconds that the event is handled, and a token it has never seen with 503", async () => {
    const { send, seen } = await startWithToken();
    process.kill(redis.server.pid, "SIGSTOP");
    const startedAt = performance.now();
    expect(await send(call(2))).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(promised(3_500));
    expect(await Promise.all([3, 4, 5].map((id) => send(call(id))))).toEqual([200, 200, 200]);
    expect(await send({ ...call(6), token: "never seen" })).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(promised(10_000));
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ["read-only", ["REPLICAOF", "127.0.0.1", "1"]],
    ["full", ["CONFIG", "SET", "maxmemory", "1"]],
  ])("that is %s costs no event", async (_, command) => {
    const { send, seen } = await startWithToken();
    await redis.inside.sendCommand(command);
    expect(await send(call(2))).toBe(200);
    expect(seen).toEqual([1, 2]);
  });

  it("that is back forgets nothing it was told", async () => {
    const { send, seen } = await startWithToken();
    process.kill(redis.server.pid, "SIGSTOP");
    expect(await send(call(2))).toBe(200);
    process.kill(redis.server.pid, "SIGCONT");
    expect([await send(call(1)), await send(call(3))]).toEqual([200, 200]);
    expect(seen).toEqual([1, 2, 3]);
  });
});
