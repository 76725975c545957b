import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { memoryGrants } from "express-aircall";
import type { Grant } from "../../../src/grants/grant";
import { createCoolDowns } from "../../../src/grants/renewal/cool-down";
import { createPendingWrites } from "../../../src/grants/renewal/pending-writes";
import { createRefresh } from "../../../src/grants/renewal/refresh";
import type { Tokens } from "../../../src/oauth/tokens";
import { refusalOf } from "../../../src/oauth/token-refusal";
import { createClock, newGrant, start } from "../../support/grants";

const anHourMs = 3_600_000;
const channel = "express-aircall:renewal";
const fresh: Tokens = {
  ...{ accessToken: "access-1", refreshToken: "refresh-1", expiresAt: null },
  obtainedAt: new Date(start + anHourMs),
};

let told: { code: unknown; durationMs: number }[];
const listen = (message: unknown) => void told.push(message as (typeof told)[number]);
beforeEach(() => {
  told = [];
  subscribe(channel, listen);
});
afterEach(() => void unsubscribe(channel, listen));

/** A grant of an hour ago, and what renews it; `answer` is asked instead of Aircall. */
async function opened(changes: Partial<Grant> = {}, answer = (): Promise<Tokens> => Promise.resolve(fresh)) {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const id = await store.create(newGrant(changes), 86_400_000);
  const stale = (await store.get(id))!;
  const sent: string[] = [];
  const renew = async (token: string) => (sent.push(token), { tokens: await answer(), raw: {} });
  const coolDowns = createCoolDowns(clock.now);
  const parts = { store, coolDowns, pendingWrites: createPendingWrites(store), now: clock.now };
  const lock = { remainingMs: () => 20_000 };
  /** One more process, or one that may renew nothing. */
  const another = (endpoint: { renew: typeof renew } | null = { renew }) => {
    const refresh = createRefresh({ ...parts, coolDowns: createCoolDowns(clock.now), endpoint });
    return () => refresh(id, stale, lock);
  };
  const refresh = createRefresh({ ...parts, endpoint: { renew } });
  clock.pass(anHourMs);
  return {
    ...{ clock, store, id, stale, sent, coolDowns, another },
    refresh: (given = lock) => refresh(id, stale, given),
    stored: () => store.get(id),
    codes: () => told.map(({ code }) => code),
  };
}

const failing = (error: Error) => () => Promise.reject(error);

describe("a refresh token that is spent", () => {
  it("gives the grant new tokens, and ends the pauses of before", async () => {
    const { refresh, stored, sent, coolDowns, clock, id, codes } = await opened();
    coolDowns.begin(id);
    clock.pass(5_000);
    const renewed = { ...fresh, state: "active", version: 2 };
    expect(await refresh()).toMatchObject(renewed);
    expect([await stored(), sent, codes()]).toEqual([expect.objectContaining(renewed), ["refresh-0"], [null]]);
    expect(coolDowns.begin(id)).toBe(5_000);
    expect(told[0]!.durationMs).toBeGreaterThanOrEqual(0);
    expect(told[0]!.durationMs).toBeLessThan(60_000);
  });

  it.each<[string, Partial<Grant>]>([
    ["another has renewed it", { accessToken: "sibling" }],
    ["it has ended", { state: "ended" }],
  ])("is not sent where %s", async (_, changes) => {
    const { refresh, store, id, stale, stored, sent } = await opened();
    await store.replace(id, 1, { ...stale, ...changes });
    expect([await refresh(), sent]).toEqual([await stored(), []]);
    await store.delete(id);
    expect([await refresh(), sent]).toEqual([null, []]);
  });

  it("is not sent where there is none, or nothing may be renewed", async () => {
    const [none, forbidden] = [await opened({ refreshToken: null }), await opened()];
    const refused = {
      message: "The Aircall access token could not be renewed: it cannot be renewed.",
      retryAfterMs: 0,
    };
    await expect(none.refresh()).rejects.toMatchObject(refused);
    await expect(forbidden.another(null)()).rejects.toMatchObject(refused);
    expect([none.sent, forbidden.sent]).toEqual([[], []]);
  });

  it("is not sent for a token of the last five seconds", async () => {
    const { refresh, sent, clock } = await opened({ obtainedAt: new Date(start + anHourMs - 2_000) });
    const tooSoon = { message: expect.stringContaining("only a moment ago") as string, retryAfterMs: 3_000 };
    await expect(refresh()).rejects.toMatchObject(tooSoon);
    clock.pass(3_000);
    await refresh();
    expect(sent).toEqual(["refresh-0"]);
  });

  it("is not sent under a lock that may end first", async () => {
    const { refresh, sent } = await opened();
    const tooLate = { message: expect.stringContaining("waiting for its turn took too long") as string };
    await expect(refresh({ remainingMs: () => 19_999 })).rejects.toMatchObject({ ...tooLate, retryAfterMs: 1_000 });
    expect(sent).toEqual([]);
  });
});

describe("a refresh token that is refused", () => {
  it("ends its grant where the server knows it no more", async () => {
    const { refresh, stored, stale, codes } = await opened({}, failing(refusalOf(400, "invalid_grant")));
    expect(await refresh()).toEqual({ ...stale, state: "ended", version: 2 });
    expect([await stored(), codes()]).toEqual([{ ...stale, state: "ended", version: 2 }, ["renewal_refused"]]);
  });

  it.each<[string, Partial<Grant>]>([
    ["another token", { accessToken: "sibling" }],
    ["another refresh token", { refreshToken: "sibling" }],
  ])("ends nothing that has got %s meanwhile", async (_, changes) => {
    const { refresh, store, id, stale, stored } = await opened({}, async () => {
      await store.replace(id, 1, { ...stale, ...changes });
      throw refusalOf(400, "invalid_grant");
    });
    expect(await refresh()).toEqual(await stored());
    expect(await stored()).toMatchObject({ ...changes, state: "active" });
  });

  it("ends a grant of which somebody wrote something else meanwhile, and none that is gone", async () => {
    const [one, gone] = [await opened({}, failing(refusalOf(400, "invalid_grant"))), await opened({}, endsMeanwhile)];
    const replace = one.store.replace.bind(one.store);
    one.store.replace = async (...given) => {
      one.store.replace = replace;
      await replace(one.id, 1, { ...one.stale, ref: "acme" });
      return replace(...given);
    };
    expect(await one.refresh()).toMatchObject({ ref: "acme", state: "ended", version: 3 });
    expect(await gone.refresh()).toBeNull();

    async function endsMeanwhile(): Promise<never> {
      await gone.store.delete(gone.id);
      throw refusalOf(400, "invalid_grant");
    }
  });

  it.each<[string, Error, boolean]>([
    ["a client that is unknown", refusalOf(401, "invalid_client"), false],
    ["a server that is busy", refusalOf(429, null), false],
    ["an answer without a token", refusalOf(200, null), true],
    ["a failure that says the same word", refusalOf(500, "invalid_grant"), true],
  ])("for %s rests here, and elsewhere where its answer may be lost", async (_, error, lost) => {
    let answer: () => Promise<Tokens> = failing(error);
    const { refresh, another, stored, stale, sent, clock, codes } = await opened({}, () => answer());
    const passing = { code: "renewal_failed", retryAfterMs: 5_000, message: expect.stringContaining(error.message) };
    await expect(refresh()).rejects.toMatchObject(passing);
    expect([await stored(), codes()]).toEqual([stale, ["renewal_failed"]]);
    answer = () => Promise.resolve(fresh);
    await expect(refresh()).rejects.toThrow("only a moment ago");
    if (lost) await expect(another()()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    else expect(await another()()).toMatchObject({ accessToken: "access-1" });
    expect(sent).toHaveLength(lost ? 1 : 2);
    clock.pass(5_000);
    expect(await refresh()).toMatchObject({ accessToken: "access-1" });
  });

  it("rests elsewhere for as long as here, the second time too", async () => {
    const { refresh, another, clock } = await opened({}, failing(refusalOf(500, null)));
    await expect(refresh()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    clock.pass(5_000);
    await expect(refresh()).rejects.toMatchObject({ retryAfterMs: 10_000 });
    clock.pass(9_000);
    await expect(another()()).rejects.toMatchObject({ retryAfterMs: 1_000 });
  });

  it("rests everywhere after a bug, which is shown as it is and told of as nothing", async () => {
    const bug = new RangeError("a bug");
    const { refresh, another, codes } = await opened({}, failing(bug));
    await expect(refresh()).rejects.toBe(bug);
    await expect(refresh()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    await expect(another()()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    expect(codes()).toEqual([]);
  });

  it("rests here where the store cannot be told that its answer was lost", async () => {
    const { refresh, store } = await opened({}, failing(refusalOf(500, null)));
    store.settle = () => Promise.reject(new Error("READONLY"));
    await expect(refresh()).rejects.toMatchObject({ code: "renewal_failed", retryAfterMs: 5_000 });
  });

  it("is not taken for refused where the new tokens could not be kept", async () => {
    const { refresh, store, codes } = await opened();
    store.replace = () => Promise.reject(new Error("READONLY"));
    await expect(refresh()).rejects.toThrow("READONLY");
    expect(codes()).toEqual([null]);
    store.replace = () => Promise.resolve(true);
  });
});
