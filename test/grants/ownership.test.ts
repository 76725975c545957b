import { ConfigError } from "../../src/errors/errors";
import type { Grant } from "../../src/grants/grant";
import {
  companyLifeMs,
  endForCompany,
  heldByCompany,
  heldBySession,
  isOfApp,
  keepForCompany,
  releaseLinks,
} from "../../src/grants/ownership";
import { memoryGrants } from "../../src/grants/stores/memory";
import { createClock, newGrant } from "../support/grants";

const life = { link: "link", sessionLifeMs: 60_000 };
const nobody = { id: null, name: null, user: null };

function open() {
  const clock = createClock();
  return { clock, store: memoryGrants({ now: clock.now }) };
}

describe("a grant that is held by its session", () => {
  it("lives as long as the session, and is found by its link", async () => {
    const { clock, store } = open();
    const id = await heldBySession.keep(store, newGrant(), life);
    expect(await store.get(id, "link")).toMatchObject({ accessToken: "access-0" });
    clock.pass(2 * life.sessionLifeMs);
    expect(await store.get(id)).toBeNull();
    expect(heldBySession.hold).toBe("session");
  });
});

describe("a grant that is held by its company", () => {
  it("outlives the session whose link leads to it", async () => {
    const { clock, store } = open();
    const id = await heldByCompany.keep(store, newGrant(), life);
    expect(await store.get(id, "link")).not.toBeNull();
    clock.pass(2 * life.sessionLifeMs);
    expect(await store.get(id, "link")).toBeNull();
    clock.pass(2 * companyLifeMs - 2 * life.sessionLifeMs - 1);
    expect(await store.get(id)).not.toBeNull();
    clock.pass(1);
    expect(await store.get(id)).toBeNull();
    expect(heldByCompany.hold).toBe("company");
  });

  it("takes the place of what the company had, under the same id", async () => {
    const { store } = open();
    const first = await heldByCompany.keep(store, newGrant(), life);
    const second = await heldByCompany.keep(store, newGrant({ accessToken: "new" }), { ...life, link: "other" });
    expect(second).toBe(first);
    expect(await store.get(first, "link")).toMatchObject({ accessToken: "new", version: 2 });
  });

  it("is that of the name that the app gave the company", async () => {
    const { store } = open();
    const id = await heldByCompany.keep(store, newGrant({ ref: "tenant" }), life);
    expect(await store.idsOf(null, { ref: "tenant" })).toEqual([id]);
    const other = newGrant({ ref: "tenant", account: { ...newGrant().account, id: 8 } });
    const next = await heldByCompany.keep(store, other, life);
    expect([await store.get(id), await store.idsOf(null, { ref: "tenant" })]).toEqual([null, [next]]);
  });

  it("takes another's place where the app has named the company since", async () => {
    const { store } = open();
    const id = await keepForCompany(store, newGrant(), { company: 7 });
    const named = await keepForCompany(store, newGrant({ ref: "tenant" }), { company: 7 });
    expect(named).not.toBe(id);
    expect(await store.idsOf(null, 7)).toEqual([named]);
  });

  it("is refused where the company is not known", async () => {
    const { store } = open();
    const keep = () => heldByCompany.keep(store, newGrant({ account: nobody }), life);
    await expect(keep()).rejects.toThrow(ConfigError);
    await expect(keep()).rejects.toThrow('hold: "company" must know the company');
  });

  it("is one, however many connect the company at once", async () => {
    const { store } = open();
    const ids = await Promise.all([1, 2, 3].map(() => keepForCompany(store, newGrant(), { company: 7 })));
    expect(new Set(ids).size).toBe(1);
    const apps = ["one", "other"].map((app) => keepForCompany(store, newGrant({ app }), { company: 7 }));
    expect(new Set(await Promise.all(apps)).size).toBe(2);
  });

  it("is kept all the same where somebody writes it meanwhile", async () => {
    const { store } = open();
    const id = await keepForCompany(store, newGrant(), { company: 7 });
    let once = true;
    const check = async () => {
      if (once) await store.replace(id, 1, newGrant({ accessToken: "meanwhile" }));
      once = false;
    };
    const pushy = {
      ...store,
      replace: async (...args: Parameters<typeof store.replace>) => (await check(), store.replace(...args)),
    };
    expect(await keepForCompany(pushy, newGrant({ accessToken: "new" }), { company: 7 })).toBe(id);
    expect(await store.get(id)).toMatchObject({ accessToken: "new", version: 3 });
  });

  it("asks about what stands there before it takes its place", async () => {
    const { store } = open();
    const asked: (string | null)[] = [];
    const check = (grant: Grant | null) => void asked.push(grant?.accessToken ?? null);
    await keepForCompany(store, newGrant(), { company: 7, check });
    await keepForCompany(store, newGrant({ accessToken: "new" }), { company: 7, check });
    expect(asked).toEqual([null, "access-0"]);
    const refuse = () => {
      throw new Error("not yours");
    };
    await expect(keepForCompany(store, newGrant(), { company: 7, check: refuse })).rejects.toThrow("not yours");
    const [id] = await store.idsOf(null, 7);
    expect(await store.get(id!)).toMatchObject({ accessToken: "new", version: 2 });
  });
});

describe("the end of a company's grants", () => {
  async function withTwo() {
    const { store } = open();
    const [one, two] = [await store.create(newGrant(), 60_000), await store.create(newGrant(), 60_000)];
    return { store, one, two };
  }
  const company = { app: null, company: 7 };

  it("is that of those which are over", async () => {
    const { store, one, two } = await withTwo();
    await store.replace(two, 1, newGrant({ accessToken: "over" }));
    const isOver = (grant: Grant) => Promise.resolve(grant.accessToken === "over");
    expect(await endForCompany(store, company, isOver)).toEqual({ ended: 1, remaining: 1 });
    expect([await store.get(one), await store.get(two)]).toEqual([expect.anything(), null]);
  });

  it("leaves what was written while it was looked at, and counts nothing that is gone", async () => {
    const { store, one, two } = await withTwo();
    const lost = { ...store, idsOf: () => Promise.resolve([one, two, "x".repeat(32)]) };
    const isOver = async () => {
      await store.replace(one, 1, newGrant());
      return true;
    };
    expect(await endForCompany(lost, company, isOver)).toEqual({ ended: 1, remaining: 1 });
    expect([await store.get(one), await store.get(two)]).toEqual([expect.anything(), null]);
  });

  it("counts as remaining what has ended while it was looked at", async () => {
    const { store, one } = await withTwo();
    const isOver = async () => (await store.delete(one), true);
    expect(await endForCompany(store, company, isOver)).toEqual({ ended: 1, remaining: 1 });
  });

  it("leaves all where its lock is over", async () => {
    const { store, one, two } = await withTwo();
    const late: typeof store = { ...store, withLock: (_name, work) => work({ remainingMs: () => 0 }) };
    expect(await endForCompany(late, company, () => Promise.resolve(true))).toEqual({ ended: 0, remaining: 2 });
    expect([await store.get(one), await store.get(two)]).not.toContain(null);
  });

  it("comes while nobody connects it", async () => {
    const { store } = await withTwo();
    const names: string[] = [];
    const noting: typeof store = { ...store, withLock: (name, work) => (names.push(name), store.withLock(name, work)) };
    await endForCompany(noting, company, () => Promise.resolve(true));
    await keepForCompany(noting, newGrant(), { company: 7 });
    await keepForCompany(noting, newGrant({ app: "one" }), { company: 8 });
    expect(new Set(names.slice(0, 2)).size).toBe(1);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toMatch(/^keep:null:.*7/);
  });
});

describe("links that are let go", () => {
  it.each([
    ["session", null, 1, true, true],
    ["company", null, 0, false, true],
    ["company", "session", 1, true, true],
    ["session", "company", 0, false, true],
  ] as const)("of a %s, each held by %p, end %i grants", async (hold, own, ended, isGone, isUnlinked) => {
    const { store } = open();
    const id = await store.create(newGrant(), 60_000, "link");
    expect(await releaseLinks(store, [{ id, link: "link", hold: own }], hold)).toBe(ended);
    expect([(await store.get(id)) === null, (await store.get(id, "link")) === null]).toEqual([isGone, isUnlinked]);
  });

  it("leave a company's grant that was kept before links", async () => {
    const { store } = open();
    const id = await store.create(newGrant(), 60_000, "link");
    expect(await releaseLinks(store, [{ id, link: null, hold: null }], "company")).toBe(0);
    expect(await store.get(id, "link")).not.toBeNull();
  });
});

describe("whose a grant is", () => {
  const of = (app: string | null) => ({ ...newGrant({ app }), version: 1 });

  it.each([
    [null, "one", "session", false],
    [of("one"), "one", "company", true],
    [of("one"), "other", "session", false],
    [of("one"), null, "company", true],
    [of(null), "one", "session", true],
    [of(null), "one", "company", false],
  ] as const)("is told by its app: %#", (grant, app, hold, ours) => {
    expect(isOfApp(grant, app, hold)).toBe(ours);
  });
});
