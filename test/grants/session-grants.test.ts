import {
  appKey,
  appsOf,
  copiedLinks,
  dropAllLinks,
  dropLink,
  holdLinks,
  linksOf,
  mayHoldLinks,
  newLink,
  type SessionLink,
} from "../../src/grants/session-grants";

const [one, two, three] = ["1", "2", "3"].map(linkTo) as [SessionLink, SessionLink, SessionLink];
const [app, other] = [appKey("an app"), appKey("another")];

describe("the links a session holds", () => {
  it("are each app's own, and all of them for an app without a client id", () => {
    const session = newSession();
    holdLinks(session, app, [one, two]);
    holdLinks(session, other, [three]);
    expect(linksOf(session, app)).toEqual([one, two]);
    expect(linksOf(session, other)).toEqual([three]);
    expect(linksOf(session, null)).toEqual([one, two, three]);
  });

  it("leave nothing behind when the last is let go", () => {
    const session = newSession();
    holdLinks(session, app, [one]);
    holdLinks(session, other, [two]);
    dropLink(session, one.id);
    dropLink(session, three.id);
    expect(linksOf(session, null)).toEqual([two]);
    dropAllLinks(session);
    expect(session).toEqual({});
    expect(mayHoldLinks(session)).toBe(false);
  });

  it("are worth nothing in a session they were copied to, which can tell whose they were", () => {
    const [from, to] = [newSession("former"), newSession("fresh")];
    holdLinks(from, app, [one]);
    Object.assign(to, from);

    expect(linksOf(to, app)).toEqual([]);
    expect(copiedLinks(to, "former")).toEqual(new Map([[app, [one]]]));
    expect(copiedLinks(to, "somebody's")).toEqual(new Map());
  });

  it.each(["a text", 7, ["1".repeat(32)], { settings: { from: "the app" } }, null])(
    "leave alone what the app keeps as session.aircall: %j",
    (own) => {
      const session = newSession("s", { aircall: own });
      holdLinks(session, app, [one]);
      dropAllLinks(session);
      expect(session).toEqual({ aircall: own });
    },
  );

  it("are found where grant ids stood before there were links, and leave that place with them", () => {
    const session = newSession("s", { aircall: { [app]: [one.id], mine: "too" } });
    expect(linksOf(session, app)).toEqual([{ id: one.id, link: null, hold: null }]);
    expect(appsOf(session)).toEqual([app]);
    dropLink(session, one.id);
    expect(session).toEqual({ aircall: { mine: "too" } });
  });

  it.each([
    ["no list", { [app]: "x" }],
    ["an id that is none", { [app]: [{ ...one, id: "x", of: "x" }] }],
    ["no session", { [app]: [one] }],
    ["a list for all that stands there", [[one]]],
    ["a text for all that stands there", "x"],
    ["nothing", null],
    ["everything under __proto__", JSON.parse(`{"__proto__":{"${app}":[]}}`) as object],
  ])("are none where there is %s", (_what, stored) => {
    expect(linksOf(newSession("s", { "express-aircall": stored }), app)).toEqual([]);
  });

  it("hold neither a client id nor the session's, whoever reads the session", () => {
    const session = newSession("a-session-id");
    holdLinks(session, appKey("a-client-id"), [one]);
    expect(JSON.stringify(session)).not.toMatch(/a-client-id|a-session-id/);
  });

  it.each<[object, SessionLink[]]>([
    [{ hold: "company" }, [{ ...one, hold: "company" }]],
    [{ hold: null }, [{ ...one, hold: null }]],
    [{ link: null }, [{ ...one, link: null }]],
    [{ hold: "nobody" }, []],
    [{ link: 7 }, []],
    [{ id: 7 }, []],
  ])("are read as they are kept, and where they make sense: %j", (changes, read) => {
    const session = newSession();
    holdLinks(session, app, [{ ...one, ...changes }, two]);
    expect(linksOf(session, app)).toEqual([...read, two]);
  });

  it.each([null, undefined])("are none of %p", (session) => {
    expect([mayHoldLinks(session), linksOf(session, app)]).toEqual([false, []]);
  });

  it("may be in either place", () => {
    expect(mayHoldLinks(newSession("s", { "express-aircall": {} }))).toBe(true);
    expect(mayHoldLinks(newSession("s", { aircall: {} }))).toBe(true);
  });

  it("are found in both places, and held in one", () => {
    const session = newSession("s", { aircall: { [app]: [two.id, "x"], [other]: [three.id] } });
    const former = { id: two.id, link: null, hold: null };
    holdLinks(session, "third", [one]);
    expect(appsOf(session)).toEqual(["third", app, other]);
    expect(linksOf(session, null)).toEqual([one, former, { ...former, id: three.id }]);
    holdLinks(session, app, [one, former]);
    expect(linksOf(session, app)).toEqual([one, former]);
    expect(appsOf(session)).toEqual(["third", app, other]);
    dropLink(session, one.id);
    expect(linksOf(session, null)).toEqual([former, { ...former, id: three.id }]);
    dropAllLinks(session);
    expect(session).toEqual({});
  });

  it("are neither in a text nor in what the app keeps under their app's name", () => {
    expect(appsOf(newSession("s", { "express-aircall": "x", aircall: "x" }))).toEqual([]);
    const session = newSession("s", { aircall: { [app]: "own" } });
    holdLinks(session, app, [one]);
    expect(session).toMatchObject({ aircall: { [app]: "own" } });
    expect(JSON.stringify(session)).toMatch(/"of":"[0-9a-z_-]{16}"/i);
  });

  it("stay where they stand as long as none of them is let go", () => {
    const session = newSession("s", { aircall: { [app]: [two.id] } });
    dropLink(session, one.id);
    expect(session).toEqual({ aircall: { [app]: [two.id] } });
  });

  it("of another app leave nothing where none is left", () => {
    const session = newSession();
    holdLinks(session, app, [one]);
    holdLinks(session, app, []);
    expect(session).toEqual({});
    expect([linksOf(session, app), appsOf(session)]).toEqual([[], []]);
  });

  it("belong to the session whatever its id was before", () => {
    const session: { id?: string } = {};
    holdLinks(session, app, [one]);
    expect(linksOf(session, app)).toEqual([one]);
    session.id = "s";
    expect(linksOf(session, app)).toEqual([]);
    holdLinks(session, app, [two]);
    expect(linksOf(session, app)).toEqual([two]);
    session.id = "another";
    expect(linksOf(session, app)).toEqual([]);
  });

  it("tell of each app whose they were, and nothing of one that has none of them", () => {
    const [from, to] = [newSession("former"), newSession("fresh")];
    holdLinks(from, app, [one]);
    Object.assign(to, from);
    holdLinks(to, other, [two]);
    expect(copiedLinks(to, "former")).toEqual(new Map([[app, [one]]]));
    expect(copiedLinks(to, "fresh")).toEqual(new Map([[other, [two]]]));
  });

  it("are led to by sixteen random bytes", () => {
    expect(newLink()).toMatch(/^[\w-]{22}$/);
    expect(newLink()).not.toBe(newLink());
    expect(appKey("an app")).toMatch(/^.{8}$/);
  });

  it("are not found on a polluted prototype", () => {
    const polluted = Object.create({ "express-aircall": { [app]: [one] } }) as object;
    expect(linksOf(polluted, app)).toEqual([]);
  });
});

function linkTo(digit: string): SessionLink {
  return { id: digit.repeat(32), link: `link ${digit}`, hold: "session" };
}

/** As express-session's: its id is none of its contents. */
function newSession(id = "s", content: object = {}): object {
  return Object.defineProperty({ ...content }, "id", { value: id });
}
