import { appKey, copyHeld, heldGrants, holdGrants, letGo } from "../../src/grants/held";

const [one, two, three] = ["1", "2", "3"].map((digit) => digit.repeat(32)) as [string, string, string];
const [app, other] = [appKey("an app"), appKey("another")];

describe("the grants a session holds", () => {
  it("are each app's own, and all of them for an app without a client id", () => {
    const session = {};
    holdGrants(session, app, [one, two]);
    holdGrants(session, other, [three]);
    expect(heldGrants(session, app)).toEqual([one, two]);
    expect(heldGrants(session, other)).toEqual([three]);
    expect(heldGrants(session, null)).toEqual([one, two, three]);
  });

  it("leave nothing behind when the last is let go", () => {
    const session = {};
    holdGrants(session, app, [one]);
    holdGrants(session, other, [two]);
    letGo(session, one);
    letGo(session, three);
    expect(heldGrants(session, null)).toEqual([two]);
    letGo(session, two);
    expect(session).toEqual({});
  });

  it("move to another session as they are", () => {
    const [from, to] = [{}, { cart: 1 }];
    holdGrants(from, app, [one]);
    copyHeld(from, to);
    copyHeld({}, from);
    expect([heldGrants(to, app), heldGrants(from, app), to]).toMatchObject([[one], [], { cart: 1 }]);
  });

  it("never hold a client id, whoever reads the session", () => {
    const session = {};
    holdGrants(session, appKey("a-client-id"), [one]);
    expect(JSON.stringify(session)).not.toContain("a-client-id");
  });
});
