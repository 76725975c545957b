import { createClient } from "redis";
import { StoreError } from "../../../../src/errors/errors";
import { redisGrants } from "../../../../src/grants/stores/redis/redis";
import { checkRedis } from "../../../../src/grants/stores/redis/check";
import { describeWith } from "../../../support/programs";
import { startRedisGrants, type RedisGrants } from "../../../support/redis/redis-grants";

const keysToTry = { values: ["a"], indexes: ["b"], prefix: "ours:" };

describeWith("redis-server", "what a user of Redis may do", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  beforeEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  /** What the check says to a user with these rules. */
  async function check(...rules: string[]): Promise<unknown> {
    await redis.inside.sendCommand(["ACL", "SETUSER", "app", "reset", "on", ">secret", ...rules]);
    const client = createClient({ url: redis.server.url, username: "app", password: "secret" });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return await redisGrants(client, { prefix: "ours:" }).check!().catch((error: unknown) => error);
    } finally {
      client.destroy();
    }
  }

  const all = ["~ours:*", "+@all"];

  it("is enough with the keys of the prefix, and leaves nothing there", async () => {
    expect(await check(...all)).toBeUndefined();
    expect(await redis.inside.keys("*")).toEqual([]);
  });

  it.each(["eval", "get", "set", "pexpire", "pttl", "del", "incrby", "exists", "time", "zadd", "zrange", "zrem"])(
    "is too little without the command %s, which is named",
    async (command) => {
      const fault = await check(...all, `-${command}`);
      expect(fault).toMatchObject({
        code: "config_invalid",
        message:
          `Redis keeps the command ${command.toUpperCase()} from its user, and grants cannot be kept without: allow it, ` +
          `such as ACL SETUSER … +${command}, or use a Redis that runs scripts.`,
      });
    },
  );

  it.each([
    ["no keys", ["+@all"]],
    ["keys of another prefix", ["~theirs:*", "+@all"]],
    ["some of the keys", ["~ours:*grant", "+@all"]],
  ])("is too little with %s, which is said", async (_what, rules) => {
    const fault = await check(...rules);
    expect(fault).toMatchObject({
      code: "config_invalid",
      message:
        'Redis keeps keys that begin with "ours:" from its user, and grants are kept there: allow them, such as ACL ' +
        "SETUSER … ~ours:*, or give redisGrants(client, { prefix }) one that is allowed.",
    });
  });
});

describe("what Redis says of it", () => {
  const answer = (reply: unknown) => checkRedis({ run: () => Promise.resolve(reply as null) }, keysToTry);

  it("is nothing where all may be done", async () => {
    await expect(answer(null)).resolves.toBeUndefined();
  });

  it.each([
    ["INCRBY", "ERR unknown command 'INCRBY'", "the command INCRBY"],
    ["SET", "ERR unknown redis command called from script", "the command SET"],
    ["SET", "NOPERM this user has no permissions to run the 'set' command", "the command SET"],
    ["SET", "NOPERM No permissions to access a key", 'keys that begin with "ours:"'],
    ["SET", "ERR The user can't access at least one of the keys mentioned", 'keys that begin with "ours:"'],
    ["SET", "The user executing the script can't run this command or subcommand", "the command SET"],
  ])("is a fault of the app's where %s is answered %j", async (command, message, said) => {
    await expect(answer([command, message])).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(`Redis keeps ${said} from its user`),
    });
  });

  it.each([
    [["SET", "OOM command not allowed"], "SET"],
    [["GET"], "GET"],
    [[], "EVAL"],
  ])("is a failure of Redis where it answers %j", async (reply, command) => {
    const failure: unknown = await answer(reply).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ operation: "try what Redis allows" });
    expect(String((failure as Error).message)).toContain(`Redis refused ${command}`);
  });

  it("is what it was where the script was not run for another reason", async () => {
    const gone = new StoreError("try", "gone");
    const rejecting = (told: unknown) =>
      checkRedis({ run: (_operation, { onError }) => (onError?.(told), Promise.reject(gone)) }, keysToTry);
    await expect(rejecting(new Error("ECONNRESET"))).rejects.toBe(gone);
    await expect(rejecting(new Error("NOPERM this user may not run 'eval'"))).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("the command EVAL"),
    });
  });
});
