import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { memoryGrants } from "express-aircall";
import { holdLinks } from "../../src/grants/session-grants";
import { appsWith } from "../../src/sign-in/session-apps";
import { createVisits } from "../../src/sign-in/visits";

const anHourMs = 3_600_000;
const id = "g".repeat(32);

/** What a visit by such a session writes once its answer has left. */
function open() {
  let at = 0;
  const written: unknown[] = [];
  const grants = { ...memoryGrants(), prolong: (...given: unknown[]) => Promise.resolve(written.push(given) > 0) };
  const visit = createVisits({ app: "a", grantsOf: () => ({ grants, hold: "session" }), now: () => at });
  const pass = (ms: number) => void (at += ms);
  return { grants, visit, written, pass };
}

function sessionOf(links: number, app = "a") {
  const session = { id: "s", cookie: { originalMaxAge: anHourMs } };
  if (links > 0)
    holdLinks(
      session,
      app,
      Array.from({ length: links }, (_, n) => ({ id, link: `${n}`, hold: "session" })),
    );
  return session;
}

const request = (having: object) => having as Request;
const answer = () => new EventEmitter() as unknown as Response;

describe("a visit", () => {
  it("lets what its session holds live for another session's life, once its answer has left", () => {
    const { visit, written } = open();
    const res = answer();
    visit(request({ session: sessionOf(2), sessionStore: {} }), res);
    expect(written).toEqual([]);
    res.emit("close");
    expect(written).toEqual([
      [id, anHourMs, "0"],
      [id, anHourMs, "1"],
    ]);
  });

  it("writes once in a quarter of that life", () => {
    const { visit, written, pass } = open();
    for (const ms of [0, anHourMs / 4 - 1, 1]) {
      pass(ms);
      const res = answer();
      visit(request({ session: sessionOf(1), sessionStore: {} }), res);
      res.emit("close");
    }
    expect(written).toHaveLength(2);
  });

  it.each<[string, object]>([
    ["has no session", { sessionStore: {} }],
    ["has no session store", { session: sessionOf(1) }],
    ["holds nothing", { session: sessionOf(0), sessionStore: {} }],
    ["holds another app's", { session: sessionOf(1, "b"), sessionStore: {} }],
  ])("writes nothing where it %s", (_what, having) => {
    const { visit, written } = open();
    const res = answer();
    visit(request(having), res);
    res.emit("close");
    expect(written).toEqual([]);
  });

  it("writes nothing that its session no longer holds as the answer leaves", () => {
    const { visit, written } = open();
    const res = answer();
    const req = { session: sessionOf(1) as object | null, sessionStore: {} };
    visit(request(req), res);
    req.session = null;
    res.emit("close");
    expect(written).toEqual([]);
  });

  it("asks nothing of an answer that cannot tell when it has left", () => {
    const { visit } = open();
    expect(() => visit(request({ session: sessionOf(1), sessionStore: {} }), {} as Response)).not.toThrow();
  });

  it("remembers whose grants sessions of that store hold", () => {
    const { visit, grants } = open();
    const sessionStore = {};
    visit(request({ session: sessionOf(0), sessionStore }), answer());
    expect(appsWith(sessionStore)!.get("a")).toEqual({ grants, hold: "session" });
  });
});
