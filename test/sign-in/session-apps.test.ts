import { memoryGrants } from "express-aircall";
import { holdLinks, linksOf, type Hold } from "../../src/grants/session-grants";
import { tellStoredEnd } from "../../src/session/stored-ends";
import { appsWith, noteApp, releaseSession } from "../../src/sign-in/session-apps";
import { newGrant } from "../support/grants";

const anHourMs = 3_600_000;

/** A session that holds a grant by a link, for each of these apps. */
async function connected(apps: readonly string[], hold: Hold | null = "session") {
  const grants = memoryGrants();
  const session = { id: "the-session" };
  const ids = await Promise.all(apps.map((app) => grants.create(newGrant({ app }), anHourMs, `link of ${app}`)));
  for (const [n, app] of apps.entries()) holdLinks(session, app, [{ id: ids[n]!, link: `link of ${app}`, hold }]);
  const remaining = async () => (await Promise.all(ids.map((id) => grants.get(id)))).filter(Boolean).length;
  return { grants, session, remaining };
}

describe("the apps of a session store", () => {
  it("are those that were seen with it, each with its newest grants", () => {
    const [store, other, grants, newer] = [{}, {}, memoryGrants(), memoryGrants()];
    expect([appsWith(undefined), appsWith(store)]).toEqual([undefined, undefined]);
    noteApp(store, "a", { grants, hold: "session" });
    noteApp(store, "b", { grants, hold: "company" });
    noteApp(store, "a", { grants: newer, hold: "company" });
    expect(appsWith(other)).toBeUndefined();
    expect(appsWith(store)!.get("a")!.grants).toBe(newer);
    expect([...appsWith(store)!.keys()]).toEqual(["a", "b"]);
    noteApp(store, "a", { grants: newer, hold: "session" });
    expect(appsWith(store)!.get("a")!.hold).toBe("company");
  });
});

describe("a session that ends", () => {
  it("ends what it holds for all its apps, and says how many grants that were", async () => {
    const { grants, session, remaining } = await connected(["a", "b"]);
    const apps = new Map([
      ["a", { grants, hold: "session" as const }],
      ["b", { grants, hold: "session" as const }],
    ]);
    expect([await releaseSession(session, apps), await remaining()]).toEqual([2, 0]);
    expect(await releaseSession({ id: "another" }, apps)).toBe(0);
  });

  it("ends nothing where no app was seen", async () => {
    const { session, remaining } = await connected(["a"]);
    expect([await releaseSession(session, new Map()), await remaining()]).toEqual([0, 1]);
  });

  it.each<[Hold | null, number]>([
    ["session", 1],
    ["company", 0],
    [null, 0],
  ])("ends what an app holds that this process has not seen, by what the link says: %j", async (hold, ended) => {
    const { grants, session, remaining } = await connected(["unseen"], hold);
    const apps = new Map([["a", { grants, hold: "session" as const }]]);
    expect([await releaseSession(session, apps), await remaining()]).toEqual([ended, 1 - ended]);
  });

  it("ends by its app's own setting where the link does not say whose the grant is", async () => {
    const { grants, session } = await connected(["a"], null);
    expect(await releaseSession(session, new Map([["a", { grants, hold: "session" as const }]]))).toBe(1);
  });

  it("ends what is stored of it where it is destroyed without a request of its own", async () => {
    const { grants, session, remaining } = await connected(["a"]);
    const { id, ...stored } = session;
    const store = {};
    noteApp(store, "a", { grants, hold: "session" });
    for (const nothing of [null, undefined, "text", {}]) await tellStoredEnd(store, id, () => Promise.resolve(nothing));
    await tellStoredEnd(store, "another", () => Promise.resolve(stored));
    expect(await remaining()).toBe(1);
    await tellStoredEnd(store, id, () => Promise.resolve(stored));
    expect([await remaining(), linksOf(session, "a").length]).toEqual([0, 1]);
  });
});
