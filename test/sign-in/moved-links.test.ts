import { memoryGrants } from "express-aircall";
import { holdLinks, linksOf } from "../../src/grants/session-grants";
import type { Session } from "../../src/session/session";
import { endLinks, moveCopiedLinks, moveEach, moveLinks, moveWithinRequest } from "../../src/sign-in/moved-links";
import { newGrant } from "../support/grants";

const lifeMs = 3_600_000;

/** A grant with a link of a session's, and sessions of before and after. */
async function connected() {
  const grants = memoryGrants();
  const id = await grants.create(newGrant(), lifeMs, "former");
  const former = { id: "before", cookie: {} };
  const link = { id, link: "former", hold: "company" as const };
  holdLinks(former, "a", [link]);
  return { grants, id, link, former, apps: new Map([["a", { grants, hold: "company" as const }]]) };
}

describe("links that move to another session", () => {
  it("go on as they are within the request that signed in", async () => {
    const { former, link } = await connected();
    const fresh = { id: "after" };
    moveWithinRequest(former, fresh);
    expect(linksOf(fresh, "a")).toEqual([link]);
  });

  it("are new ones, and the former end when that is said", async () => {
    const { grants, id, link, apps } = await connected();
    const fresh = { id: "after" };
    const end = await moveLinks(new Map([["a", [link]]]), fresh, { apps, lifeMs });
    const [moved] = linksOf(fresh, "a");
    expect(moved).toMatchObject({ id, hold: "company" });
    expect(moved!.link).not.toBe("former");
    const leads = (one: string) => grants.link(id, "probe", lifeMs, one);
    expect([await leads("former"), await leads(moved!.link!)]).toEqual([true, true]);
    await end();
    expect([await leads("former"), await leads(moved!.link!)]).toEqual([false, true]);
  });

  it("are where the others' are, for an app that was not seen", async () => {
    const { link, apps } = await connected();
    const fresh = { id: "after" };
    await moveLinks(new Map([["unseen", [link]]]), fresh, { apps, lifeMs });
    expect(linksOf(fresh, "unseen")).toHaveLength(1);
    await expect(moveLinks(new Map([["a", [link]]]), fresh, { apps: new Map(), lifeMs })).rejects.toThrow(
      "no app keeps grants here",
    );
  });

  it("are left out where they lead nowhere", async () => {
    const { grants, id, link } = await connected();
    expect(await moveEach(grants, [{ ...link, link: "none" }, link], lifeMs)).toHaveLength(1);
    await grants.delete(id);
    expect(await moveEach(grants, [link], lifeMs)).toEqual([]);
  });

  it("end, and the grant stays; one of before there were links has none", async () => {
    const { grants, id, link } = await connected();
    await endLinks(grants, [link, { ...link, link: null }]);
    expect([await grants.link(id, "probe", lifeMs, "former"), await grants.get(id)]).toEqual([
      false,
      expect.objectContaining({ account: newGrant().account }),
    ]);
  });
});

describe("links that Passport copied into a session", () => {
  async function copied(changes: object = {}, req: object = {}) {
    const { former, apps, id } = await connected();
    const fresh = { ...former, passport: { user: "Ada" }, ...changes, id: "after" };
    const end = await moveCopiedLinks(req, {
      ...{ former: former as unknown as Session, fresh: fresh as unknown as Session, apps },
    });
    return { moved: end !== null, held: linksOf(fresh, "a").map((link) => link.id), id };
  }

  it("become its own where that kept what the session held", async () => {
    const { moved, held, id } = await copied();
    expect([moved, held]).toEqual([true, [id]]);
  });

  it("are found by the key that Passport was given", async () => {
    const named = { _sessionManager: { _key: "who" } };
    expect((await copied({ passport: undefined, who: { user: 0 } }, named)).moved).toBe(true);
    expect((await copied({}, named)).moved).toBe(false);
    expect((await copied({}, { _sessionManager: { _key: 1 } })).moved).toBe(false);
    expect((await copied({}, { _sessionManager: {} })).moved).toBe(true);
  });

  it.each<[string, object]>([
    ["nobody is logged in", { passport: {} }],
    ["the user is null", { passport: { user: null } }],
    ["the cookie is another", { cookie: {} }],
    ["nothing was copied", { "express-aircall": undefined }],
  ])("are nothing where %s", async (_what, changes) => {
    expect(await copied(changes)).toMatchObject({ moved: false, held: [] });
  });
});
