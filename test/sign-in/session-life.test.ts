import { MemoryStore } from "express-session";
import { sessionLifeMs } from "../../src/sign-in/session-life";

const dayMs = 86_400_000;
const client = { isOpen: true, eval: () => Promise.resolve() };

/** Of a store and a cookie that lasts so long; null as long as the browser. */
function lifeMs(sessionStore: object, originalMaxAge: number | null = null) {
  return sessionLifeMs({ sessionStore, session: { cookie: { originalMaxAge } } });
}

describe("how long a session lives", () => {
  it("is a day where nothing says so", () => {
    expect([lifeMs({}), sessionLifeMs({}), sessionLifeMs({ session: {} })]).toEqual([dayMs, dayMs, dayMs]);
  });

  it("is a year in memory, where it lives until its process ends", () => {
    expect(lifeMs(new MemoryStore())).toBe(365 * dayMs);
    expect(lifeMs(new MemoryStore(), 5_000)).toBe(5_000);
  });

  it.each<[string, object]>([
    ["in seconds", { ttl: 60 }],
    ["by a function", { ttl: () => 60 }],
    ["in seconds among its options", { options: { ttl: 60 } }],
    ["in milliseconds, as express-mysql-session's", { options: { expiration: 60_000 } }],
    ["in milliseconds, as memorystore's", { options: { ttl: 60_000, checkPeriod: 1 } }],
  ])("is what the store says %s, or the cookie, whichever is shorter", (_how, store) => {
    expect([lifeMs(store), lifeMs(store, 59_000), lifeMs(store, 61_000)]).toEqual([60_000, 59_000, 60_000]);
  });

  it.each([0, -1, NaN, Infinity, "60", null, undefined])("is nothing that %p could say", (said) => {
    for (const store of [
      { ttl: said },
      { ttl: () => said },
      { options: { ttl: said } },
      { options: { expiration: said } },
    ]) {
      expect(lifeMs(store, 5_000)).toBe(5_000);
    }
  });

  it("goes on to what else the store says where one thing is none", () => {
    expect(lifeMs({ ttl: 0, options: { expiration: -1, ttl: 60 } })).toBe(60_000);
  });

  it("is asked of the store's own function, with the session", () => {
    const store = {
      perMs: 1 / 2_000,
      ttl(this: { perMs: number }, { cookie }: { cookie: { originalMaxAge: number } }) {
        return this.perMs * cookie.originalMaxAge;
      },
    };
    expect(lifeMs(store, 10_000)).toBe(5_000);
  });

  it("is the cookie's where that function throws, which saving the session says", () => {
    const store = {
      ttl() {
        throw new Error("no session yet");
      },
    };
    expect(lifeMs(store, 5_000)).toBe(5_000);
  });

  it("is first the cookie's with connect-redis, but where its `ttl` is a function", () => {
    expect([lifeMs({ client, ttl: 60 }), lifeMs({ client, ttl: 60 }, 61_000), lifeMs({ client })]).toEqual([
      60_000,
      61_000,
      dayMs,
    ]);
    expect(lifeMs({ client, ttl: () => 60 }, 61_000)).toBe(60_000);
  });
});
