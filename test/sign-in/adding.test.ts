import { EventEmitter } from "node:events";
import { setImmediate as breathe } from "node:timers/promises";
import type { Response } from "express";
import { aircallAuth, memoryGrants, type AircallAuthOptions } from "express-aircall";
import { addBesideOthers } from "../../src/sign-in/adding";
import { useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();
type Hold = NonNullable<AircallAuthOptions["hold"]>;

function startApp(hold: Hold): Promise<SignInApp> {
  return start((app, settings) => {
    app.use(aircallAuth({ ...settings, hold, initiateOAuth: "GETANDREFRESH" }));
    app.get("/accounts", async (req, res) => void res.json((await req.aircall.accounts()).map(({ id }) => id)));
  });
}

/** Goes to sign in and consents for one of the simulator's companies. */
async function consentTo(app: SignInApp, visitor: Visitor, index: 0 | 1): Promise<string> {
  const { location } = await visitor.visit("/auth/aircall?add=1");
  return app.simulator.consent(location, { companyId: app.simulator.companies[index].id }).slice(app.origin.length);
}

async function accountsOf(visitor: Visitor): Promise<number[]> {
  return (JSON.parse((await visitor.visit("/accounts")).text) as number[]).sort();
}

describe("a company that is added beside others", () => {
  function open() {
    const grants = memoryGrants();
    const seen: [id: string, siblings: readonly string[]][] = [];
    const add = (
      state: string,
      others: readonly string[],
      { res, fail = false }: { res?: Response; fail?: boolean } = {},
    ) =>
      addBesideOthers(grants, { state, others, id: `grant of ${state}`.replaceAll(" ", "-"), res }, (siblings) => {
        seen.push([state, siblings]);
        return fail ? Promise.reject(new Error("away")) : Promise.resolve();
      });
    return { grants, add, seen };
  }
  const answer = () => new EventEmitter() as unknown as Response;
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await breathe();
  };

  it("learns of those that were added before it, once their answers have left", async () => {
    const { add, seen } = open();
    const [first, second] = [answer(), answer()];
    await add("a", ["b", "c"], { res: first });
    const next = add("b", ["c", "a"], { res: second });
    await settled();
    expect(seen).toEqual([["a", []]]);
    first.emit("close");
    await next;
    second.emit("close");
    await add("c", []);
    expect(seen).toEqual([
      ["a", []],
      ["b", ["grant-of-a"]],
      ["c", ["grant-of-a", "grant-of-b"]],
    ]);
  });

  it("is told apart from those of another browser", async () => {
    const { add, seen } = open();
    const answers = [answer(), answer()] as const;
    await add("a", ["b"], { res: answers[0] });
    const another = add("x", ["y"], { res: answers[1] });
    await settled();
    expect(seen).toEqual([
      ["a", []],
      ["x", []],
    ]);
    for (const res of answers) res.emit("close");
    await another;
  });

  it("lets the next one go where it fails, and tells it nothing", async () => {
    const { add, seen } = open();
    await expect(add("a", ["b"], { res: answer(), fail: true })).rejects.toThrow("away");
    const next = answer();
    await add("b", ["a"], { res: next });
    next.emit("close");
    expect(seen).toEqual([
      ["a", []],
      ["b", []],
    ]);
    await expect(add("c", [], { fail: true })).rejects.toThrow("away");
  });

  it("waits for nobody where it is the only one", async () => {
    const { grants, add, seen } = open();
    const lock = jest.spyOn(grants, "withLock");
    await add("a", []);
    expect([seen, lock.mock.calls]).toEqual([[["a", []]], []]);
  });

  it("learns nothing from what is no list of grants", async () => {
    const { grants, add, seen } = open();
    const settle = jest.spyOn(grants, "settle");
    const res = answer();
    await add("a", ["b"], { res });
    const [key, outcome] = settle.mock.calls[0]!;
    expect(outcome).toEqual({ grantId: "grant-of-a" });
    await grants.settle(key, { error: "failed" }, 60_000);
    await add("b", []);
    expect(seen.at(-1)).toEqual(["b", []]);
    res.emit("close");
  });
});

describe.each<Hold>(["session", "company"])('two companies that one browser adds at once, with hold: "%s"', (hold) => {
  it.each([
    ["where nothing was connected", false],
    ["where one of them was", true],
  ])("are both connected, %s", async (_what, before) => {
    const app = await startApp(hold);
    const ids = app.simulator.companies.map(({ id }) => id).sort();
    for (let round = 0; round < 5; round += 1) {
      const visitor = app.visitor();
      if (before) await app.signIn(visitor);
      const callbacks = [await consentTo(app, visitor, 0), await consentTo(app, visitor, 1)];
      await Promise.all(callbacks.map((callback) => visitor.visit(callback)));
      expect(await accountsOf(visitor)).toEqual(ids);
    }
  });

  it("are both connected one after the other, too", async () => {
    const app = await startApp(hold);
    const visitor = app.visitor();
    for (const index of [0, 1] as const) await visitor.visit(await consentTo(app, visitor, index));
    expect(await accountsOf(visitor)).toEqual(app.simulator.companies.map(({ id }) => id).sort());
  });

  it("are nothing to another browser that was given the same session", async () => {
    const app = await startApp(hold);
    const victim = app.visitor();
    await victim.visit(await consentTo(app, victim, 0));
    const [attacker, planted] = [victim.copy(), victim.copy()];
    const callbacks = [await consentTo(app, planted, 0), await consentTo(app, attacker, 1)] as const;

    await Promise.all([planted.visit(callbacks[0]), attacker.visit(callbacks[1])]);

    const [own, theirs] = app.simulator.companies.map(({ id }) => id) as [number, number];
    expect(await accountsOf(planted)).not.toContain(theirs);
    expect(await accountsOf(victim)).toEqual([]);
    expect([own, theirs]).toEqual(expect.arrayContaining(await accountsOf(attacker)));
  });
});
