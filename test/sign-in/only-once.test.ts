import { setTimeout as breathe } from "node:timers/promises";
import { memoryGrants, SignInError, StoreError } from "express-aircall";
import { onlyOnce } from "../../src/sign-in/only-once";
import { createClock } from "../support/grants";

/** Claims and sleeps by one clock, so that waiting takes no time. */
function setUp() {
  const clock = createClock();
  const grants = memoryGrants({ now: clock.now });
  const waited: number[] = [];
  async function sleep(ms: number) {
    clock.pass(ms);
    waited.push(ms);
    await Promise.resolve();
  }
  const once = <T>(exchange: () => Promise<{ id: string; result: T }>) =>
    onlyOnce(grants, "key", { claimed, exchange, sleep });
  return { clock, once, waitedMs: () => waited.reduce((sum, ms) => sum + ms, 0) };
}

const claimed = () => undefined;
const never = () => new Promise<never>(() => undefined);
const signedIn = () => Promise.resolve({ id: "grant-1", result: "Ada" });

describe("onlyOnce", () => {
  it("gives the second what came of the first", async () => {
    const { once, waitedMs } = setUp();
    expect(await once(signedIn)).toEqual({ id: "grant-1", result: "Ada" });
    expect(await once(never)).toEqual({ id: "grant-1", result: null });
    expect(waitedMs()).toBe(0);
  });

  it("lets the second wait for the first, up to five seconds", async () => {
    const { once, waitedMs } = setUp();
    void once(never);
    await expect(once(signedIn)).rejects.toMatchObject({
      code: "sign_in_state",
      message: "This sign-in was used already. Begin again.",
    });
    expect(waitedMs()).toBeGreaterThanOrEqual(5_000);
    expect(waitedMs()).toBeLessThan(7_500);
  });

  it("lets nobody wait for a first one that is as old as that", async () => {
    const { clock, once, waitedMs } = setUp();
    void once(never);
    clock.pass(5_000);
    await expect(once(signedIn)).rejects.toThrow("This sign-in was used already. Begin again.");
    expect(waitedMs()).toBe(0);
  });

  it("waits by the clock where nothing else is handed in", async () => {
    const grants = memoryGrants();
    const first = onlyOnce(grants, "key", { claimed, exchange: () => breathe(5).then(signedIn) });
    expect(await onlyOnce(grants, "key", { claimed, exchange: never })).toEqual({ id: "grant-1", result: null });
    await first;
  });

  it("tells the second at once that the first failed, and not with its error", async () => {
    const { once, waitedMs } = setUp();
    const refused = new SignInError("sign_in_exchange", "Aircall gave no token.");
    await expect(once(() => Promise.reject(refused))).rejects.toBe(refused);
    await expect(once(signedIn)).rejects.toMatchObject({
      code: "sign_in_state",
      message: "This sign-in did not succeed the first time. Begin again.",
    });
    expect(waitedMs()).toBe(0);
  });

  it.each([
    [new SignInError("sign_in_exchange", "Aircall gave no token."), "sign_in_exchange"],
    [new RangeError("the app's own"), "failed"],
  ])("keeps by its code that the first failed: %p", async (failure, error) => {
    const grants = memoryGrants();
    await expect(onlyOnce(grants, "key", { claimed, exchange: () => Promise.reject(failure) })).rejects.toBe(failure);
    expect(await grants.outcome("key")).toEqual({ error });
  });

  it("lets what came of the first stand where the outcome cannot be kept", async () => {
    const settle = () => Promise.reject(new StoreError("keep a sign-in's outcome", "the store is full"));
    const grants = { ...memoryGrants(), settle };
    const refused = new SignInError("sign_in_exchange", "Aircall gave no token.");

    expect(await onlyOnce(grants, "one", { claimed, exchange: signedIn })).toEqual({ id: "grant-1", result: "Ada" });
    await expect(onlyOnce(grants, "two", { claimed, exchange: () => Promise.reject(refused) })).rejects.toBe(refused);
  });

  it("fails as soon as the first does, although the store hangs", async () => {
    const grants = { ...memoryGrants(), settle: never };
    const hung = new StoreError("keep a grant", "Redis did not answer within 2 s");
    await expect(onlyOnce(grants, "key", { claimed, exchange: () => Promise.reject(hung) })).rejects.toBe(hung);
  });

  it("forgets the outcome after a minute, and the claim not before the attempt is over", async () => {
    const { clock, once, waitedMs } = setUp();
    const exchange = jest.fn(signedIn);
    await once(exchange);
    clock.pass(60_000);
    await expect(once(exchange)).rejects.toMatchObject({ code: "sign_in_state" });
    expect(waitedMs()).toBe(0);
    clock.pass(9 * 60_000);
    await expect(once(exchange)).rejects.toMatchObject({ code: "sign_in_state" });
    expect(exchange).toHaveBeenCalledTimes(1);
  });

  it("runs once for a hundred that come together", async () => {
    const { once } = setUp();
    const exchange = jest.fn(async () => {
      await Promise.resolve();
      return signedIn();
    });
    const all = await Promise.all(Array.from({ length: 100 }, () => once(exchange)));
    expect(exchange).toHaveBeenCalledTimes(1);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(["grant-1"]));
    expect(all.filter(({ result }) => result === "Ada")).toHaveLength(1);
  });
});
