import { MemoryStore } from "express-session";
import type { Request } from "express";
import { memoryGrants } from "express-aircall";
import { createAudit } from "../../src/companies/audit";
import { runtimeKey } from "../../src/connections/request-context";
import { heldByCompany, heldBySession } from "../../src/grants/ownership";
import {
  announceKeeping,
  appsOfRequest,
  createGrantsFor,
  grantsFor,
  keepingFor,
  runtimeOf,
  type Keeping,
} from "../../src/sign-in/runtime";
import { noteApp } from "../../src/sign-in/session-apps";
import { refusalOf } from "../config/refusal";

function keeping(changes: Partial<Keeping> = {}): Keeping {
  return {
    ...{ grants: null, holding: heldBySession, encryptionKeys: [], acceptUnsealed: false, company: null },
    audit: createAudit({ onAudit: null, actor: null }),
    ...changes,
  };
}

/** A request with what is named, and what a middleware has left on it. */
function request(having: object = {}, runtime?: object): Request {
  return { ...having, ...(runtime && { aircall: { [runtimeKey]: runtime } }) } as Request;
}

const session = { id: "the-session" };

describe("where grants are kept", () => {
  it("is the app's own store, or the session store", () => {
    const grants = memoryGrants();
    const sessionStore = new MemoryStore();
    expect(grantsFor(request({ session, sessionStore }), keeping({ grants }))).toBe(grants);
    const found = grantsFor(request({ session, sessionStore }), keeping());
    expect(grantsFor(request({ sessionStore }), keeping())).toBe(found);
    expect(grantsFor(request({ sessionStore: new MemoryStore() }), keeping())).not.toBe(found);
  });

  it("is sealed in the session store where there are keys", () => {
    const encryptionKeys = ["a key of thirty-two characters or so"];
    const sealed = grantsFor(request({ sessionStore: new MemoryStore() }), keeping({ encryptionKeys }));
    const plain = grantsFor(request({ sessionStore: new MemoryStore() }), keeping());
    expect([sealed.seals, plain.seals ?? false]).toEqual([true, false]);
  });

  it("is nowhere without a session, or with one of another kind", () => {
    expect(refusalOf(() => grantsFor(request(), keeping())).message).toContain("There is no session here");
    expect(refusalOf(() => grantsFor(request({ session }), keeping())).message).toContain("not express-session's");
  });

  it("is looked for once for each session store", () => {
    const own = keeping();
    const grantsOf = createGrantsFor(own);
    const [one, other] = [new MemoryStore(), new MemoryStore()].map((sessionStore) => request({ sessionStore }));
    expect(grantsOf(one!)).toBe(grantsFor(one!, own));
    expect(grantsOf(one!)).toBe(grantsOf(one!));
    expect(grantsOf(other!)).not.toBe(grantsOf(one!));
    expect(() => grantsOf(request())).toThrow("There is no session here");
    Object.assign(own, { grants: memoryGrants() });
    expect(grantsOf(one!)).not.toBe(own.grants);
    expect(grantsOf(request())).toBe(own.grants);
  });
});

describe("how an app keeps its grants", () => {
  it("is as its middleware on the request does", () => {
    const [own, any] = [
      { ...keeping(), app: "here" },
      { ...keeping(), app: null },
    ];
    expect(runtimeOf(request())).toBeNull();
    expect(keepingFor(request({}, own), "here")).toBe(own);
    expect(keepingFor(request({}, any), "here")).toBe(any);
    const end = announceKeeping("here", keeping());
    expect([keepingFor(request({}, own), "here"), keepingFor(request({}, any), "here")]).toEqual([own, any]);
    expect(keepingFor(request({}, any), "here")).toBe(any);
    end();
  });

  it("is as sessions do where there is no middleware at all", () => {
    expect(keepingFor(request(), "nobody's")).toMatchObject({
      ...{ grants: null, holding: heldBySession, encryptionKeys: [], acceptUnsealed: false, company: null },
    });
  });

  it("is as its middlewares elsewhere do, until they are closed", () => {
    const [one, same] = [keeping({ encryptionKeys: ["k"] }), keeping({ encryptionKeys: ["k"] })];
    const ends = [one, same].map((each) => announceKeeping("elsewhere", each));
    const elsewhere = request({}, { ...keeping(), app: "another" });
    expect([keepingFor(request(), "elsewhere"), keepingFor(elsewhere, "elsewhere")]).toEqual([one, one]);
    ends[0]!();
    ends[0]!();
    expect(keepingFor(request(), "elsewhere")).toBe(same);
    ends[1]!();
    expect(keepingFor(request(), "elsewhere")).not.toBe(same);
    expect(refusalOf(() => keepingFor(elsewhere, "elsewhere")).message).toBe(
      "AircallStrategy and aircallAuth() have different client ids, so req.aircall would never find what signing in " +
        "connects. Give both the same OAuthClientId, or mount an aircallAuth() of the strategy's.",
    );
  });

  it.each<[string, Partial<Keeping>]>([
    ["stores", { grants: memoryGrants() }],
    ["holders", { holding: heldByCompany }],
    ["keys", { encryptionKeys: ["k"] }],
  ])("is told by none of several that have other %s", (_what, changes) => {
    const ends = [keeping(), keeping(), keeping(changes)].map((each) => announceKeeping("several", each));
    expect(refusalOf(() => keepingFor(request(), "several")).message).toBe(
      "Mount aircallAuth() before the Passport routes of Aircall: several keep this app's grants, each in its own way, " +
        "and none of them came by here.",
    );
    for (const end of ends) end();
  });
});

describe("the apps whose grants a session may hold", () => {
  it("are those that were seen with its store", () => {
    const sessionStore = new MemoryStore();
    noteApp(sessionStore, "a", { grants: memoryGrants(), hold: "session" });
    expect([...appsOfRequest(request({ session, sessionStore })).keys()]).toEqual(["a"]);
  });

  it("are any, kept as the request's middleware does, where none was seen", () => {
    const grants = memoryGrants();
    const runtime = { ...keeping({ grants, holding: heldByCompany }), app: "here" };
    expect([...appsOfRequest(request({}, runtime))]).toEqual([["", { grants, hold: "company" }]]);
    const [[name, any]] = appsOfRequest(request({ sessionStore: new MemoryStore() })) as unknown as [[string, object]];
    expect([name, any]).toEqual(["", expect.objectContaining({ hold: "session" })]);
  });
});
