import type { Grant } from "../../src/grants/grant";
import { createGrantTokens } from "../../src/grants/access";
import { memoryGrants } from "../../src/grants/stores/memory";
import type { Renewals } from "../../src/grants/renewal/renew";
import { createRenewals } from "../../src/grants/renewal/renew";
import { StoreError } from "../../src/errors/errors";
import { noStoreTime } from "../../src/time/store-time";
import { createClock, newGrant, patient, start } from "../support/grants";

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, secret: token });
const permanent = { refreshToken: null, expiresAt: null };
const anHourMs = 3_600_000;

/** The tokens of one grant; `renewals` are those of the library, but for what is given. */
async function opened(changes: Partial<Grant> = {}, given: Partial<Renewals> = {}) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant(changes), 86_400_000, "link");
  const renew = () => Promise.reject(new TypeError("nobody is asked"));
  const probe = () => Promise.resolve("refused" as const);
  const renewals = { ...createRenewals({ store, endpoint: { renew }, probe, now: clock.now }), ...given };
  const ways: string[] = [];
  const storeTime = {
    once: <T>(work: () => T) => (ways.push("once"), noStoreTime.once(work)),
    throughout: <T>(work: () => Promise<T>) => (ways.push("throughout"), noStoreTime.throughout(work)),
  };
  const parts = { store, renewals, id, signInPath: "/sign-in", now: clock.now, storeTime };
  const get = jest.spyOn(store, "get");
  return {
    ...{ clock, store, id, ways, get },
    tokens: createGrantTokens(parts),
    byLink: createGrantTokens({ ...parts, read: () => store.get(id, "link") }),
    change: async (other: Partial<Grant>) => {
      const grant = (await store.get(id))!;
      await store.replace(id, grant.version, { ...grant, ...other });
      return (await store.get(id))!;
    },
  };
}

describe("the tokens of a grant", () => {
  it("are whose the grant is, while it may be used", async () => {
    const { tokens } = await opened({ ref: "acme" });
    expect(await tokens.owner()).toMatchObject({ companyId: 7, companyRef: "acme" });
    for (const changes of [{ ...permanent, ...refusal() }, { state: "ended" } as const]) {
      expect(await (await opened(changes)).tokens.owner()).toBeNull();
    }
  });

  it("are handed out as they are, by one question to the store, in the request's own time", async () => {
    const { tokens, ways, get } = await opened();
    expect([await tokens.credential(patient), await tokens.credential(patient)]).toEqual(
      Array(2).fill(bearer("access-0")),
    );
    expect([ways, get.mock.calls.length]).toEqual([["once"], 1]);
  });

  it("have what is refused checked as it is read, and nothing else", async () => {
    const seen: string[] = [];
    const check: Renewals["check"] = (one, grant) => (seen.push(one), Promise.resolve({ verdict: "refused", grant }));
    const [sound, refused] = [
      await opened(permanent, { check }),
      await opened({ ...permanent, ...refusal() }, { check }),
    ];
    await sound.tokens.grant();
    expect([seen, sound.ways]).toEqual([[], ["once"]]);
    await refused.tokens.grant();
    expect([seen, refused.ways]).toEqual([[refused.id], ["once", "throughout"]]);
  });

  it("name the way to sign in where the grant is gone, or has ended", async () => {
    const gone = await opened();
    await gone.store.delete(gone.id);
    const [away, over] = ["not_connected", "reconnect_required"].map((code) => ({ code, signInPath: "/sign-in" }));
    await expect(gone.tokens.credential(patient)).rejects.toMatchObject(away!);
    await expect(gone.tokens.refused(bearer("access-0"), 403, patient)).rejects.toMatchObject(away!);
    await expect((await opened({ state: "ended" })).tokens.credential(patient)).rejects.toMatchObject(over!);
  });

  it.each([
    ["went while it was checked", null, "not_connected"],
    ["ended while it was checked", "ended", "reconnect_required"],
  ] as const)("are none where a refused grant %s", async (_, state, code) => {
    const { tokens, store, id, change } = await opened(
      { ...permanent, ...refusal() },
      {
        async check() {
          if (state) await change({ state });
          else await store.delete(id);
          return { verdict: "refused", grant: await store.get(id) };
        },
      },
    );
    await expect(tokens.credential(patient)).rejects.toMatchObject({ code });
  });
});

describe("a token that Aircall refuses", () => {
  it("is tried again where it is another by now, without a question", async () => {
    const { tokens } = await opened({ accessToken: "newer" }, { check: () => Promise.reject(new Error("asked")) });
    expect(await tokens.refused(bearer("older"), 403, patient)).toBe("again");
  });

  it("is checked for ten seconds at most; then its answer stands", async () => {
    jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
    try {
      const { tokens } = await opened(permanent, { check: () => new Promise(() => undefined) });
      const answered = jest.fn();
      const waiting = tokens.refused(bearer("access-0"), 403, patient).then(answered);
      await jest.advanceTimersByTimeAsync(9_999);
      expect(answered).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      await waiting;
      expect(answered).toHaveBeenCalledWith("permission");
    } finally {
      jest.useRealTimers();
    }
  });

  it("is nobody's where its grant is gone once that was checked", async () => {
    const { tokens } = await opened(permanent, { check: () => Promise.resolve({ verdict: "refused", grant: null }) });
    await expect(tokens.refused(bearer("access-0"), 403, patient)).rejects.toMatchObject({ code: "not_connected" });
  });

  it("is known as dead to this request from then on", async () => {
    const { tokens, get } = await opened(permanent);
    await expect(tokens.refused(bearer("access-0"), 403, patient)).rejects.toMatchObject({ code: "token_refused" });
    const before = get.mock.calls.length;
    await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "token_refused" });
    expect([await tokens.owner(), get.mock.calls.length]).toEqual([null, before]);
  });

  it("is not renewed in its first five seconds", async () => {
    const { tokens, clock } = await opened();
    clock.pass(2_000);
    await expect(tokens.refused(bearer("access-0"), 401, patient)).rejects.toMatchObject({
      message: expect.stringContaining("Aircall refuses a token that is only seconds old") as string,
      retryAfterMs: 3_000,
    });
  });

  it("is renewed after a 401 only, and where that may help", async () => {
    const renewed: string[] = [];
    const renew: Renewals["renew"] = (id) => (renewed.push(id), store.get(id));
    const check: Renewals["check"] = (_id, grant) => Promise.resolve({ verdict: "accepted", grant });
    const { tokens, clock, store, id } = await opened({}, { renew, check });
    clock.pass(10_000);
    expect(await tokens.refused(bearer("access-0"), 403, patient)).toBe("permission");
    expect(renewed).toEqual([]);
    expect(await tokens.refused(bearer("access-0"), 401, patient)).toBe("again");
    expect(renewed).toEqual([id]);
    const none = await opened(permanent, { check });
    expect(await none.tokens.refused(bearer("access-0"), 401, patient)).toBe("permission");
  });

  it.each([
    ["by its id", "tokens", 1],
    ["by a link, which may have ended", "byLink", 2],
  ] as const)("is given up for another one, found %s", async (_, way, reads) => {
    const {
      [way]: tokens,
      change,
      get,
    } = await opened(permanent, {
      async check() {
        const grant = await change({ accessToken: "other" });
        get.mockClear();
        return { verdict: "accepted", grant };
      },
    });
    expect(await tokens.refused(bearer("access-0"), 403, patient)).toBe("again");
    expect(await tokens.credential(patient)).toEqual(bearer("other"));
    expect(get).toHaveBeenCalledTimes(reads - 1);
  });
});

describe("a token that is to be renewed", () => {
  const almostAnHourMs = anHourMs - 10_000;

  it.each([
    ["the token endpoint rests", () => Promise.reject(new StoreError("keep a grant", "away")), bearer("access-0")],
    ["something is wrong", () => Promise.reject(new TypeError("a bug")), "a bug"],
  ])("is used while it is good where %s", async (_, renew, expected) => {
    const { tokens, clock } = await opened({}, { renew });
    clock.pass(almostAnHourMs);
    const outcome = tokens.credential(patient).catch(({ message }: Error) => message);
    expect(await outcome).toEqual(expected);
  });

  it("is not used where it has expired while the renewal failed", async () => {
    const { tokens, clock } = await opened(
      {},
      {
        renew() {
          clock.pass(10_000);
          return Promise.reject(new StoreError("keep a grant", "away"));
        },
      },
    );
    clock.pass(almostAnHourMs);
    await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "store_failed" });
  });

  it("is waited for ten seconds at most where it has expired", async () => {
    jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
    try {
      const { tokens, clock } = await opened({}, { renew: () => new Promise(() => undefined) });
      clock.pass(anHourMs);
      const outcome = tokens.credential(patient).catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await outcome).toMatchObject({
        message: expect.stringContaining("the token endpoint is slow to answer") as string,
        retryAfterMs: 1_000,
      });
    } finally {
      jest.useRealTimers();
    }
  });

  it("is not renewed where Aircall has accepted it again and it is good for long", async () => {
    const renew = jest.fn();
    const { tokens, change } = await opened(refusal(), {
      renew,
      check: async () => ({ verdict: "accepted", grant: await change({ refusedAt: null }) }),
    });
    expect([await tokens.credential(patient), renew.mock.calls]).toEqual([bearer("access-0"), []]);
  });

  it("is used at once while a renewal is under way for a second", async () => {
    const renewed = jest.fn(() => new Promise<never>(() => undefined));
    const { tokens, clock } = await opened({}, { renew: renewed, underWayMs: () => 1_000 });
    clock.pass(almostAnHourMs);
    expect(await tokens.credential(patient)).toEqual(bearer("access-0"));
    expect(renewed).not.toHaveBeenCalled();
  });

  it("is renewed in the request's own time, and read once more where it was found by a link", async () => {
    for (const [way, reads] of [
      ["tokens", 1],
      ["byLink", 2],
    ] as const) {
      const {
        [way]: tokens,
        clock,
        ways,
        get,
        change,
      } = await opened(
        {},
        {
          async renew() {
            const grant = await change({ accessToken: "renewed", expiresAt: null });
            get.mockClear();
            return grant;
          },
        },
      );
      clock.pass(anHourMs);
      expect(await tokens.credential(patient)).toEqual(bearer("renewed"));
      expect([ways.includes("throughout"), get.mock.calls.length]).toEqual([true, reads - 1]);
      expect(await tokens.credential(patient)).toEqual(bearer("renewed"));
      expect(get).toHaveBeenCalledTimes(reads - 1);
    }
  });
});

/** Refused a moment ago. */
function refusal() {
  return { refusedAt: new Date(start) };
}
