import { aircallAuth, type AircallAuthOptions } from "express-aircall";
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
