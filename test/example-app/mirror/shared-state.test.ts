import { createClient } from "redis";
import { memoryState } from "../../../example-app/mirror/memory-state";
import { createMirror } from "../../../example-app/mirror/mirror";
import { redisState } from "../../../example-app/mirror/redis-state";
import type { SharedState } from "../../../example-app/mirror/shared-state";
import { describeWith } from "../../support/programs";
import { startRedisServer, type RedisServer } from "../../support/redis/redis-server";
import { openMirror, until } from "./opened-mirror";

const take = { company: "id:1", subject: "takes" } as const;

/** What is promised wherever it is kept. */
function describeState(name: string, open: () => Promise<SharedState>) {
  describe(name, () => {
    it("keeps what is written, removes what is null, and tells who follows", async () => {
      const state = await open();
      const heard: string[] = [];
      const nothing = () => undefined;
      const changed = ({ fields }: { fields: object }) => void heard.push(JSON.stringify(fields));
      state.follow({ changed, forgotten: (company) => void heard.push(company), missed: nothing, lost: nothing });
      await state.write({ ...take, fields: { a: "1", b: "2" } });
      await state.write({ ...take, fields: { a: null } });
      expect([...(await state.load("id:1")).takes]).toEqual([["b", "2"]]);
      await state.forget("id:1");
      expect((await state.load("id:1")).takes.size).toBe(0);
      expect(new Set(heard)).toEqual(new Set(['{"a":"1","b":"2"}', '{"a":null}', "id:1"]));
    });

    it("writes once only what nobody has written", async () => {
      const state = await open();
      const both = ["1", "2"].map((text) => state.writeOnce({ ...take, field: "c", text }));
      const [first, second] = await Promise.all(both);
      expect(first).toBe(second);
      expect((await state.load("id:1")).takes.get("c")).toBe(first);
    });
  });
}

describeState("state in memory", () => Promise.resolve(memoryState()));

describeWith("redis-server", "state in Redis", () => {
  let redis: RedisServer;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await startRedisServer();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(() => redis?.close());

  async function open(): Promise<SharedState> {
    const client = createClient({ url: redis.url });
    client.on("error", () => undefined);
    await client.connect();
    const state = redisState(client);
    closers.push(async () => {
      await state.close();
      client.destroy();
    });
    return state;
  }

  describeState("alone", async () => {
    const state = await open();
    await state.forget("id:1");
    return state;
  });

  it("fills a company once for two processes, and both have it", async () => {
    const [state, other] = [await open(), await open()];
    const { mirror, company, simulator, calls } = await openMirror({ callsPerDay: 60 }, { state });
    const second = createMirror({ state: other, everyMs: 50 });
    await Promise.all([mirror.open(company), second.open(company)]);
    await until(() => second.progress("own").state === "full" && second.calls("own").length === calls().length);
    expect(second.calls("own")).toEqual(calls());
    const { total } = mirror.progress("own");
    expect(simulator.requests.filter(({ path }) => path === "/v2/users")).toHaveLength(1);
    expect(simulator.requests.filter(({ path }) => path === "/v1/calls").length).toBeLessThan(total! / 25 + 4);
    second.stopFilling();
    await mirror.forget("own");
    await until(() => second.calls("own").length === 0);
  });

  it("says that it hears nothing while Redis hangs, and has what it missed when Redis is back", async () => {
    const [state, other] = [await open(), await open()];
    const mirror = createMirror({ state });
    const { company } = await openMirror({ callsPerDay: 0 });
    await mirror.open({ ...company, key: "id:2" });
    process.kill(redis.pid, "SIGSTOP");
    const refused = expect(mirror.write("id:2", "takes", { a: "1" })).rejects.toThrow("in time");
    await until(() => mirror.lostSince !== null);
    await refused;
    process.kill(redis.pid, "SIGCONT");
    await other.write({ company: "id:2", subject: "takes", fields: { b: "2" } });
    await until(() => mirror.lostSince === null && mirror.fields("id:2", "takes").get("b") === "2");
    mirror.stopFilling();
  });
});
