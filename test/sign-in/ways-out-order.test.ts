import { MemoryStore } from "express-session";
import { guardSessionStore, memoryGrants } from "express-aircall";
import { holdLinks, linksOf, type Hold } from "../../src/grants/session-grants";
import type { Session } from "../../src/session/session";
import { noteApp } from "../../src/sign-in/session-apps";
import { movingSession, surviveRegeneration, watchWaysOut } from "../../src/sign-in/ways-out";
import { openSession, storedSession } from "../support/apps/opened-session";
import { newGrant } from "../support/grants";

const lifeMs = 3_600_000;
const app = "a";

/** A stored session that holds a grant; as Passport leaves a request, where it is in use. */
async function connected({ hold = "session", passport = false }: { hold?: Hold; passport?: boolean } = {}) {
  const store = new MemoryStore();
  const grants = memoryGrants();
  const req = Object.assign(await openSession(store), passport && { logIn: () => undefined });
  const { session } = req;
  watchWaysOut(session);
  noteApp(store, app, { grants, hold });
  const held = { id: await grants.create(newGrant(), lifeMs, "link"), link: "link", hold };
  holdLinks(session, app, [held]);
  await saved(session);

  const done: string[] = [];
  const [remove, destroy, set] = [grants.delete.bind(grants), store.destroy.bind(store), store.set.bind(store)];
  grants.delete = (id) => (done.push("grant"), remove(id));
  store.destroy = (id, end) => (done.push("session"), destroy(id, end));
  store.set = (...given) => (done.push("saved"), set(...given));
  return {
    ...{ req, session, store, grants, held, done },
    lasts: async () => (await grants.get(held.id)) !== null,
    leads: (link: string | null | undefined) => grants.link(held.id, "probe", lifeMs, link!),
    /** Has the grant stay where it is asked to go. */
    failToDelete: () => (grants.delete = () => Promise.reject(new Error("READONLY"))),
  };
}

const saved = (session: Session) => new Promise((resolve) => void session.save(resolve));
const destroyed = (session: Session) => new Promise((resolve) => void session.destroy(resolve));
const regenerated = (session: Session) => new Promise((resolve) => void session.regenerate(resolve));

// Once for all tests: it is the class of express-session's that is changed.
beforeAll(async () => watchWaysOut((await openSession()).session));

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe("a session that is destroyed", () => {
  it("ends its grant first, and is no request's any more at once", async () => {
    const { req, session, store, done } = await connected();
    const ended = new Promise((resolve) => expect(session.destroy(resolve)).toBe(session));
    expect(req.session).toBeUndefined();
    expect([await ended, done, await storedSession(store, session.id)]).toEqual([
      undefined,
      ["grant", "session"],
      null,
    ]);
  });

  it("stays where its grant cannot be ended, and says so", async () => {
    const { session, store, done, failToDelete } = await connected();
    failToDelete();
    expect(await destroyed(session)).toEqual(new Error("READONLY"));
    expect([done, await storedSession(store, session.id)]).toEqual([[], expect.anything()]);
  });

  it("says so where its store fails", async () => {
    const { session, store } = await connected();
    store.destroy = (_id, end) => void end?.(new Error("away"));
    expect(await destroyed(session)).toEqual(new Error("away"));
  });

  it("holds the answer back where nobody waits for it", async () => {
    const { req, session, grants, lasts } = await connected();
    const { opened, open } = gate();
    const remove = grants.delete.bind(grants);
    grants.delete = async (id) => (await opened, remove(id));
    session.destroy();
    expect(req.res.end("bye")).toBe(req.res);
    await settled();
    expect([req.res.writableEnded, await lasts()]).toEqual([false, true]);
    open();
    await settled();
    expect([req.res.writableEnded, await lasts()]).toEqual([true, false]);
  });

  it.each([
    ["the app's error middleware answers", true, false, 1, false],
    ["the connection ends where the answer had begun", true, true, 0, true],
    ["the connection ends where nobody else would answer", false, false, 0, true],
  ])("leaves no answer that says otherwise where that fails: %s", async (_how, hasNext, begun, handedOn, broken) => {
    const { req, session, failToDelete } = await connected();
    const next = jest.fn(() => void req.res.end("sorry"));
    if (hasNext) Object.assign(req, { next });
    failToDelete();
    session.destroy();
    if (begun) req.res.flushHeaders();
    req.res.end("bye");
    await settled();
    expect([next.mock.calls.length, req.res.destroyed, req.res.writableEnded]).toEqual([handedOn, broken, !broken]);
    if (handedOn) expect(next).toHaveBeenCalledWith(new Error("READONLY"));
  });

  it("ends its grant behind an answer that has left, whatever comes of it", async () => {
    const [one, other] = [await connected(), await connected()];
    other.failToDelete();
    for (const { req, session } of [one, other]) {
      req.res.end();
      session.destroy();
    }
    await settled();
    expect([await one.lasts(), await other.lasts()]).toEqual([false, true]);
  });
});

describe("a session that is begun anew", () => {
  it("ends what the former one held, and holds nothing", async () => {
    const { req, session, done, held } = await connected();
    expect(await regenerated(session)).toBeUndefined();
    expect(req.session.id).not.toBe(session.id);
    expect([done, linksOf(req.session, app), linksOf(session, app)]).toEqual([["session", "grant"], [], [held]]);
  });

  it("says so where the grant cannot be ended, and where the store fails", async () => {
    const [one, other] = [await connected(), await connected()];
    one.failToDelete();
    expect(await regenerated(one.session)).toEqual(new Error("READONLY"));
    other.store.destroy = (_id, end) => void end?.(new Error("away"));
    expect([await regenerated(other.session), await other.lasts()]).toEqual([new Error("away"), true]);
  });

  it("lets go on what it held while that is meant to move, and only then", async () => {
    const { req, session, lasts } = await connected();
    expect(await movingSession(session, () => regenerated(session).then(() => "moved"))).toBe("moved");
    expect([linksOf(req.session, app), await lasts()]).toEqual([[], true]);
    const other = await connected();
    await expect(movingSession(other.session, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await regenerated(other.session);
    expect(await other.lasts()).toBe(false);
  });

  it.each([false, true])(
    "goes on with what it held in the request that signed in, Passport or not: %p",
    async (passport) => {
      const { req, session, held, lasts, done } = await connected({ passport });
      surviveRegeneration(session);
      for (let turn = 0; turn < 2; turn += 1) {
        const former = req.session;
        expect(await regenerated(former)).toBeUndefined();
        expect(linksOf(req.session, app)).toEqual([held]);
        Object.assign(req.session, { ...former });
        expect(linksOf(req.session, app)).toEqual([]);
        expect(await saved(req.session)).toBeUndefined();
        expect(linksOf(req.session, app)).toEqual([held]);
      }
      expect([await lasts(), done]).toEqual([true, ["session", "saved", "session", "saved"]]);
    },
  );
});

describe("a session that Passport begins anew", () => {
  /** As its logIn does with `keepSessionInfo`. */
  const copyInfo = (from: Session, to: Session) => Object.assign(to, { ...from, passport: { user: "ada" } });

  it("ends what the former one held before it is saved", async () => {
    const { req, session, lasts, done } = await connected({ passport: true });
    expect([await regenerated(session), await lasts()]).toEqual([undefined, true]);
    expect(await saved(req.session)).toBeUndefined();
    expect(done).toEqual(["session", "grant", "saved"]);
    await saved(req.session);
    expect(done).toEqual(["session", "grant", "saved", "saved"]);
  });

  it("ends what the former one held before the answer leaves, where it is not saved", async () => {
    const { req, session, lasts } = await connected({ passport: true });
    await regenerated(session);
    req.res.end();
    await settled();
    expect([await lasts(), req.res.writableEnded]).toEqual([false, true]);
  });

  it("ends what the former one held where there is no session any more as the answer leaves", async () => {
    const { req, session, lasts } = await connected({ passport: true });
    await regenerated(session);
    Object.assign(req, { session: null });
    req.res.end();
    await settled();
    expect([await lasts(), req.res.writableEnded]).toEqual([false, true]);
  });

  it("may be saved in a way of the app's own all the same", async () => {
    const { req, session, done } = await connected({ passport: true });
    await regenerated(session);
    const save = req.session.save.bind(req.session);
    Object.assign(req.session, { save: (end: () => void) => (done.push("own"), save(end)) });
    await saved(req.session);
    expect(done).toEqual(["session", "own", "grant", "saved"]);
    expect(Reflect.deleteProperty(req.session, "save")).toBe(true);
  });

  it("holds nothing that it copied from the former one without a user", async () => {
    const { req, session, lasts, store } = await connected({ passport: true });
    await regenerated(session);
    const { cookie: _cookie, ...content } = session;
    Object.assign(req.session, content);
    await saved(req.session);
    expect([await lasts(), Object.keys((await storedSession(store, req.session.id))!)]).toEqual([false, ["cookie"]]);
  });

  it("goes on with links of its own where it keeps what was in it; the former end once it is saved", async () => {
    const { req, session, held, leads, lasts } = await connected({ passport: true, hold: "company" });
    await regenerated(session);
    copyInfo(session, req.session);
    expect(await saved(req.session)).toBeUndefined();
    const [moved] = linksOf(req.session, app);
    expect(moved).toMatchObject({ id: held.id, hold: "company" });
    expect([await leads(moved!.link), await leads("link"), await lasts()]).toEqual([true, false, true]);
  });

  it("leaves the former links where it is not saved, and says so", async () => {
    const { req, session, store, leads } = await connected({ passport: true });
    await regenerated(session);
    copyInfo(session, req.session);
    store.set = (_id, _document, end) => void end?.(new Error("READONLY"));
    expect([await saved(req.session), await leads("link")]).toEqual([new Error("READONLY"), true]);
  });

  it("is not saved where it cannot be decided", async () => {
    const { req, session, done, failToDelete } = await connected({ passport: true });
    await regenerated(session);
    failToDelete();
    expect([await saved(req.session), done]).toEqual([new Error("READONLY"), ["session"]]);
  });
});

describe("a session that holds nothing", () => {
  it.each(["destroy", "regenerate"] as const)("costs nothing more to %s, in a guarded store either", async (way) => {
    const memory = new MemoryStore();
    const read = jest.spyOn(memory, "get");
    const store = guardSessionStore(memory);
    noteApp(store, app, { grants: memoryGrants(), hold: "session" });
    const { session } = await openSession(store);
    watchWaysOut(session);
    const destroy = jest.spyOn(memory, "destroy");
    const ended = new Promise((resolve) => void session[way](resolve));
    await Promise.resolve();
    expect(destroy).toHaveBeenCalledTimes(1);
    expect([(await ended) ?? null, read.mock.calls]).toEqual([null, []]);
  });

  it("is destroyed as ever where no app was seen with its store", async () => {
    const store = new MemoryStore();
    const { session } = await openSession(store);
    watchWaysOut(session);
    holdLinks(session, app, [{ id: "of-nobody", link: "link", hold: "session" }]);
    await saved(session);
    const destroy = jest.spyOn(store, "destroy");
    const ended = destroyed(session);
    expect(destroy).toHaveBeenCalledTimes(1);
    await ended;
    expect(await storedSession(store, session.id)).toBeNull();
  });
});

describe("sessions of other kinds", () => {
  it("are left as they are where they have no ways of their own", () => {
    class Base {
      destroy = undefined;
    }
    class Destroying {
      destroy(): string {
        return "as ever";
      }
    }
    class Below extends Destroying {
      regenerate(): void {}
    }
    class Empty extends Destroying {
      regenerate(): void {}
    }
    Object.defineProperty(Empty.prototype, "destroy", { value: undefined });
    for (const kind of [Base, Destroying, Below, Empty]) {
      const before = Object.getOwnPropertyDescriptors(kind.prototype);
      watchWaysOut(new kind());
      expect(Object.getOwnPropertyDescriptors(kind.prototype)).toEqual(before);
    }
    expect(() => watchWaysOut(Object.create(null) as object)).not.toThrow();
  });

  it("may be changed by others too", () => {
    const kind = class {
      destroy(): void {}
      regenerate(): void {}
    };
    watchWaysOut(new kind());
    const { destroy, regenerate } = Object.getOwnPropertyDescriptors(kind.prototype);
    for (const changed of [destroy, regenerate]) {
      expect(changed).toMatchObject({ configurable: true, writable: true, enumerable: false });
    }
  });

  it("are watched once", async () => {
    const [one, other] = [await openSession(), await openSession()];
    const methods = () => Object.getOwnPropertyDescriptors(Reflect.getPrototypeOf(one.session)!);
    watchWaysOut(one.session);
    const before = methods();
    watchWaysOut(other.session);
    expect(methods()).toEqual(before);
  });
});
