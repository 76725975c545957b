import { readSettings } from "../../../example-app/operations/settings";

const redis = { REDIS_URL: "redis://localhost:6379" };

describe("the environment of the board", () => {
  it("may be empty", () => {
    expect(readSettings({})).toEqual({
      port: 3000,
      redisUrl: null,
      sessionSecret: expect.stringMatching(/^[\da-f]{64}$/),
      grantsKey: expect.stringMatching(/^[\da-f]{64}$/),
      workers: 1,
      hasAccount: false,
    });
  });

  it("takes API keys at the real Aircall only where it says what seals them", () => {
    const account = { AIRCALL_CLIENT_ID: "ours" };
    expect(readSettings(account).grantsKey).toBeNull();
    expect(readSettings({ ...account, GRANTS_KEY: "kept in a vault" }).grantsKey).toBe("kept in a vault");
  });

  it("makes a secret for processes that start together", () => {
    const { sessionSecret, workers } = readSettings({ ...redis, WORKERS: "2" });
    expect([sessionSecret.length, workers]).toEqual([64, 2]);
  });

  it.each([
    [{ WORKERS: "2" }, "WORKERS=2 needs REDIS_URL"],
    [{ ...redis, WORKERS: "two" }, 'WORKERS is a number of processes, such as 2; got "two".'],
    [{ ...redis, WORKERS: "0" }, "WORKERS is a number of processes"],
    [redis, "REDIS_URL needs SESSION_SECRET"],
    [{ ...redis, WORKERS: "1" }, "REDIS_URL needs SESSION_SECRET"],
    [{ PORT: "abc" }, 'PORT is a number up to 65535, such as 3000; got "abc".'],
    [{ PORT: "65536" }, "PORT is a number up to 65535"],
    [{ PORT: "-1" }, "PORT is a number up to 65535"],
  ])("is refused when it is %j", (env, reason) => {
    expect(() => readSettings(env)).toThrow(reason);
  });
});
