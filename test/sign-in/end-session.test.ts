import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { MemoryStore } from "express-session";
import { guardSessionStore, memoryGrants } from "express-aircall";
import { holdLinks, linksOf, type Hold } from "../../src/grants/session-grants";
import { beforeStoredEnd } from "../../src/session/stored-ends";
import { endSession } from "../../src/sign-in/end-session";
import { noteApp } from "../../src/sign-in/session-apps";
import { openSession, storedSession } from "../support/apps/opened-session";
import { newGrant } from "../support/grants";

const lifeMs = 3_600_000;
const channel = "express-aircall:disconnection";

let told: unknown[];
const listen = (message: unknown) => void told.push(message);
beforeEach(() => {
  told = [];
  subscribe(channel, listen);
});
afterEach(() => void unsubscribe(channel, listen));

/** A stored session that holds a grant for each of these. */
async function signedIn(holds: Hold[], store = new MemoryStore()) {
  const grants = memoryGrants();
  const req = await openSession(store);
  const { session } = req;
  const held = await Promise.all(
    holds.map(async (hold, n) => ({
      id: await grants.create(newGrant(), lifeMs, `link ${n}`),
      link: `link ${n}`,
      hold,
    })),
  );
  noteApp(store, "a", { grants, hold: "session" });
  holdLinks(session, "a", held);
  await new Promise<void>((resolve) => session.save(() => resolve()));
  const leads = () => Promise.all(held.map(({ id, link }) => grants.link(id, "probe", lifeMs, link)));
  const remaining = async () =>
    (await Promise.all(held.map(({ id }) => grants.get(id)))).map((grant) => grant !== null);
  return { req, session, leads, remaining, stored: () => storedSession(store, session.id) };
}

describe("signing out", () => {
  it("ends the session and what it links to, and tells how many grants ended", async () => {
    const { req, session, leads, remaining, stored } = await signedIn(["session", "company"]);
    expect([await leads(), await stored()]).toEqual([[true, true], expect.anything()]);
    await endSession(req);
    expect([await remaining(), await leads(), await stored()]).toEqual([[false, true], [false, false], null]);
    expect([req.session, linksOf(session, "a")]).toEqual([undefined, []]);
    expect(told).toEqual([{ by: "logout", grants: 1 }]);
  });

  it("ends a session that holds nothing, where no app was ever seen", async () => {
    const store = new MemoryStore();
    const req = await openSession(store);
    const { session } = req;
    await new Promise<void>((resolve) => session.save(() => resolve()));
    await endSession(req);
    expect([req.session, await storedSession(store, session.id)]).toEqual([undefined, null]);
    expect(told).toEqual([{ by: "logout", grants: 0 }]);
  });

  it.each([undefined, null])("is nothing where the session is %p", async (session) => {
    const req = Object.assign(await openSession(), { session });
    await endSession(req as never);
    expect(told).toEqual([]);
  });

  it("ends its links once, though a guarded store tells of sessions that are destroyed", async () => {
    const store = guardSessionStore(new MemoryStore());
    const { req } = await signedIn(["session"], store);
    const ends: string[] = [];
    beforeStoredEnd(store, (id) => Promise.resolve(void ends.push(id)));
    await endSession(req);
    expect(ends).toEqual([]);
  });

  it("says so where the store fails: what the session linked to has ended by then", async () => {
    const store = new MemoryStore();
    store.destroy = (_id, done) => void done?.(new Error("READONLY"));
    const { req, remaining } = await signedIn(["session"], store);
    await expect(endSession(req)).rejects.toMatchObject({ code: "store_failed", operation: "end the session" });
    expect([await remaining(), told]).toEqual([[false], []]);
  });
});
