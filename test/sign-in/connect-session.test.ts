import { MemoryStore } from "express-session";
import { memoryGrants } from "express-aircall";
import { heldByCompany, heldBySession } from "../../src/grants/ownership";
import { holdLinks, linksOf, type Hold } from "../../src/grants/session-grants";
import { connectSession } from "../../src/sign-in/session";
import { noteApp } from "../../src/sign-in/session-apps";
import { openSession, storedSession } from "../support/apps/opened-session";
import { newGrant } from "../support/grants";

const lifeMs = 3_600_000;

/** A session, and grants to give it. */
async function opened(hold: Hold = "session") {
  const [store, grants] = [new MemoryStore(), memoryGrants()];
  const req = await openSession(store);
  const holding = hold === "session" ? heldBySession : heldByCompany;
  noteApp(store, "a", { grants, hold });

  /** A grant of this company, with a link. */
  async function grantOf(companyId: number | null, app = "a") {
    const account = { ...newGrant().account, id: companyId };
    const link = `link of ${app} to ${companyId}`;
    return { id: await grants.create(newGrant({ app, account }), lifeMs, link), link, hold };
  }
  const lasts = async (...held: { id: string }[]) =>
    Promise.all(held.map(async ({ id }) => (await grants.get(id)) !== null));
  const leads = ({ id, link }: { id: string; link: string | null }) => grants.link(id, "probe", lifeMs, link!);
  return {
    ...{ req, store, grants, grantOf, lasts, leads },
    connect: (wish: Omit<Parameters<typeof connectSession>[2], "add"> & { add?: boolean }) =>
      connectSession(req, { grants, holding, app: "a" }, { add: false, ...wish }),
    held: (app = "a") => linksOf(req.session, app),
    heldIds: () => linksOf(req.session, "a").map(({ id }) => id),
  };
}

describe("a session that connects", () => {
  it("has another id, and all else as it was", async () => {
    const { req, store, grantOf, connect, held } = await opened();
    const [former, grant] = [req.session.id, await grantOf(7)];
    req.session["basket"] = ["apples"];
    Object.assign(req.session.cookie, { maxAge: 60_000 });
    await connect(grant);
    expect(req.session.id).not.toBe(former);
    expect(await storedSession(store, former)).toBeNull();
    expect(await storedSession(store, req.session.id)).toMatchObject({
      basket: ["apples"],
      cookie: { originalMaxAge: 60_000 },
    });
    expect(held()).toEqual([grant]);
  });

  it("holds its grant in place of others, which end", async () => {
    const { req, grantOf, connect, held, lasts } = await opened();
    const [one, other, fresh] = [await grantOf(7), await grantOf(8), await grantOf(9)];
    holdLinks(req.session, "a", [one, other]);
    await connect(fresh);
    expect([held(), await lasts(one, other, fresh)]).toEqual([[fresh], [false, false, true]]);
  });

  it("leaves a company's grants to other sessions, and has no way to them any more", async () => {
    const { req, grantOf, connect, held, lasts, leads } = await opened("company");
    const [one, fresh] = [await grantOf(7), await grantOf(9)];
    holdLinks(req.session, "a", [one]);
    await connect(fresh);
    expect([held(), await lasts(one), await leads(one)]).toEqual([[fresh], [true], false]);
  });

  it("holds its grant before those of other companies where it is added, by links of its own", async () => {
    const { req, grantOf, connect, held, heldIds, lasts, leads } = await opened();
    const [former, other, fresh] = [await grantOf(7), await grantOf(8), await grantOf(7)];
    holdLinks(req.session, "a", [former, other]);
    await connect({ ...fresh, add: true });
    expect([heldIds(), await lasts(former, other)]).toEqual([
      [fresh.id, other.id],
      [false, true],
    ]);
    expect([await leads(other), await leads(held()[1]! as typeof other)]).toEqual([false, true]);
  });

  it("keeps all where it is not known whose the added grant is", async () => {
    const { req, grantOf, connect, heldIds, lasts } = await opened();
    const [one, other, fresh] = [await grantOf(null), await grantOf(8), await grantOf(null)];
    holdLinks(req.session, "a", [one, other]);
    await connect({ ...fresh, add: true });
    expect([heldIds(), await lasts(one, other)]).toEqual([
      [fresh.id, one.id, other.id],
      [true, true],
    ]);
  });

  it("is done with what has gone meanwhile", async () => {
    const { req, grants, grantOf, connect, heldIds, lasts } = await opened();
    const [gone, one, fresh] = [await grantOf(7), await grantOf(8), await grantOf(9)];
    await grants.delete(gone.id);
    holdLinks(req.session, "a", [gone, one]);
    await connect({ ...fresh, add: true });
    expect(heldIds()).toEqual([fresh.id, one.id]);
    await connect({ ...gone, add: true });
    expect([heldIds(), await lasts(one, fresh)]).toEqual([
      [gone.id, fresh.id, one.id],
      [true, true],
    ]);
  });

  it.each<Hold>(["session", "company"])(
    "keeps a grant that it connects once more, by the new link: %s",
    async (hold) => {
      const { req, grants, grantOf, connect, held, leads, lasts } = await opened(hold);
      const grant = await grantOf(7);
      holdLinks(req.session, "a", [grant]);
      await grants.link(grant.id, "fresh", lifeMs);
      await connect({ id: grant.id, link: "fresh" });
      expect([held(), await lasts(grant)]).toEqual([[{ ...grant, link: "fresh" }], [true]]);
      expect([await leads(grant), await leads({ ...grant, link: "fresh" })]).toEqual([false, true]);
    },
  );

  it("holds those that were added at the same time, each once", async () => {
    const { req, grantOf, connect, held, heldIds, leads } = await opened("company");
    const [other, sibling, fresh] = [await grantOf(7), await grantOf(8), await grantOf(9)];
    holdLinks(req.session, "a", [other, sibling]);
    await connect({ ...fresh, add: true, siblings: [sibling.id, fresh.id] });
    expect(heldIds()).toEqual([fresh.id, other.id, sibling.id]);
    for (const link of held()) expect([link.hold, await leads(link as typeof other)]).toEqual(["company", true]);
  });

  it("goes on holding what is another app's, by links of its own", async () => {
    const { req, store, grants, grantOf, connect, held, leads } = await opened();
    noteApp(store, "b", { grants, hold: "session" });
    const [ofB, fresh] = [await grantOf(7, "b"), await grantOf(7)];
    holdLinks(req.session, "b", [ofB]);
    await connect(fresh);
    const [moved] = held("b") as [typeof ofB];
    expect([moved.id, await leads(ofB), await leads(moved)]).toEqual([ofB.id, false, true]);
  });
});

describe("a session that cannot connect", () => {
  it.each([
    ["saved", "save the session", "set"],
    ["begun anew", "begin a new session", "destroy"],
  ] as const)("holds what it held where it is not %s, by links that lead on", async (_what, operation, method) => {
    const { req, store, grants, grantOf, connect, held, lasts, leads } = await opened("company");
    noteApp(store, "b", { grants, hold: "company" });
    const [one, ofB, fresh] = [await grantOf(7), await grantOf(7, "b"), await grantOf(8)];
    holdLinks(req.session, "a", [one]);
    holdLinks(req.session, "b", [ofB]);
    req.session["basket"] = ["apples"];
    const former = req.session;
    store[method] = (...args: unknown[]) => void (args.at(-1) as (error: Error) => void)(new Error("READONLY"));

    await expect(connect(fresh)).rejects.toMatchObject({ code: "store_failed", operation });

    expect([held(), await lasts(one), await leads(one), await leads(ofB)]).toEqual([[one], [true], true, true]);
    expect(req.session["basket"]).toEqual(["apples"]);
    if (method === "destroy") expect([req.session, req.sessionID]).toEqual([former, former.id]);
  });
});
