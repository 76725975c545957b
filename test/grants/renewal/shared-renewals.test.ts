import { memoryGrants } from "express-aircall";
import { sharedRenewals } from "../../../src/grants/renewal/shared-renewals";
import { refusalOf } from "../../../src/oauth/token-refusal";
import { newGrant } from "../../support/grants";

const expired = { expiresAt: new Date(0), obtainedAt: new Date(0) };

/** One middleware's way to Aircall, which says what it was asked. */
function means(name: string, renewing = true) {
  const asked: string[] = [];
  const renew = (token: string) => {
    asked.push(token);
    const tokens = { accessToken: `by ${name}`, refreshToken: null, expiresAt: null, obtainedAt: new Date() };
    return Promise.resolve({ tokens, raw: {} });
  };
  const probe = () => (asked.push("probe"), Promise.resolve("accepted" as const));
  return { asked, endpoint: renewing ? { renew } : null, probe };
}

/** A store with grants of these names, whose token has expired. */
async function opened(...names: string[]) {
  const store = memoryGrants();
  const ids = await Promise.all(
    names.map((name) => store.create(newGrant({ ...expired, accessToken: name, refreshToken: name }), 86_400_000)),
  );
  return { store, ids, get: async (n: number) => (await store.get(ids[n]!))! };
}

describe("the renewals of one store and app", () => {
  it("are one for all who ask: a grant is renewed once, by the way of whoever came last", async () => {
    const { store, ids, get } = await opened("one");
    const [first, last] = [means("first"), means("last")];
    const all = [first, last].map((one) => sharedRenewals({ store, app: "a", ...one }));
    const stale = await get(0);
    const renewed = await Promise.all(all.map((renewals) => renewals.renew(ids[0]!, stale)));
    expect(renewed).toEqual([await get(0), await get(0)]);
    expect([first.asked, last.asked]).toEqual([[], ["one"]]);
  });

  it("know of each other's pauses", async () => {
    const { store, ids, get } = await opened("one");
    const failing = { ...means("failing"), endpoint: { renew: () => Promise.reject(refusalOf(429, null)) } };
    const [one, other] = [failing, failing].map((way) => sharedRenewals({ store, app: "a", ...way }));
    const stale = await get(0);
    await expect(one!.renew(ids[0]!, stale)).rejects.toMatchObject({ code: "renewal_failed" });
    await expect(other!.renew(ids[0]!, stale)).rejects.toThrow("only a moment ago");
  });

  it("ask by the way of who is left, and once all have gone by that of the last", async () => {
    const { store, ids, get } = await opened("one", "two", "three");
    const ways = [means("first"), means("last")] as const;
    const [first, last] = ways.map((one) => sharedRenewals({ store, app: "a", ...one }));
    await first!.renew(ids[0]!, await get(0));
    await last!.close();
    await first!.renew(ids[1]!, await get(1));
    await first!.check(ids[1]!, await get(1));
    expect(ways.map(({ asked }) => asked)).toEqual([["two", "probe"], ["one"]]);
    await first!.close();
    await last!.renew(ids[2]!, await get(2));
    expect(ways.map(({ asked }) => asked)).toEqual([["two", "probe", "three"], ["one"]]);
  });

  it("wait, as one closes, for what is under way", async () => {
    const { store, ids, get } = await opened("one");
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const way = means("slow");
    const renew = async (token: string) => (await answered, way.endpoint!.renew(token));
    const renewals = sharedRenewals({ store, app: "a", ...way, endpoint: { renew } });
    const renewing = renewals.renew(ids[0]!, await get(0));
    const closed = renewals.close().then(async () => (await get(0)).accessToken);
    await new Promise(setImmediate);
    answer();
    expect([await closed, (await renewing)?.accessToken]).toEqual(["by slow", "by slow"]);
  });

  it("are others for another app, another store, and where nothing may be renewed", async () => {
    const { store, ids, get } = await opened("one");
    const [way, none] = [means("own"), means("none", false)];
    const renewals = sharedRenewals({ store, app: "a", ...way });
    const others = [
      sharedRenewals({ store, app: "b", ...means("another") }),
      sharedRenewals({ store, app: null, ...means("unknown") }),
      sharedRenewals({ store: memoryGrants(), app: "a", ...means("elsewhere") }),
      sharedRenewals({ store, app: "a", ...none }),
    ];
    const stale = await get(0);
    expect(others.map((one) => one.helps(stale))).toEqual([true, true, true, false]);
    expect((await renewals.renew(ids[0]!, stale))?.accessToken).toBe("by own");
    await expect(others[3]!.renew(ids[0]!, await get(0))).rejects.toThrow("cannot be renewed");
    expect([way.asked, none.asked]).toEqual([["one"], []]);
  });
});
