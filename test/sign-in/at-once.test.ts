import { memoryGrants } from "express-aircall";
import { doors, wireRoutes } from "../support/apps/doors";
import { useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";
import { rounds } from "../support/promised";

const start = useSignInApps();

async function companyOf(visitor: Visitor): Promise<unknown> {
  return (JSON.parse((await visitor.visit("/me")).text) as { id: number } | null)?.id;
}

describe.each(doors)("five tabs of one browser by %s", (_door, wire) => {
  it("all sign in, in whatever order they begin and come back", async () => {
    const app = await start(wire);
    const visitor = app.visitor();

    const callbacks = await Promise.all(Array.from({ length: 5 }, () => app.consent(visitor)));
    const tabs = callbacks.map(() => visitor.copy());
    const answers = await Promise.all(callbacks.map((callback, index) => tabs[index]!.visit(callback)));

    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 302, 302]);
    const { id } = app.simulator.companies[0];
    expect(await Promise.all(tabs.map(companyOf))).toEqual([id, id, id, id, id]);
  });

  it("all sign in one after the other, and leave one connection", async () => {
    const app = await start(wire);
    const visitor = app.visitor();
    const callbacks = await Promise.all(Array.from({ length: 5 }, () => app.consent(visitor)));
    for (const callback of callbacks) {
      expect((await visitor.visit(callback)).status).toBe(302);
      expect(await companyOf(visitor)).toBe(app.simulator.companies[0].id);
    }
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });
});

describe("a callback that a browser fetches ahead of the visit", () => {
  const ahead = [{ "sec-purpose": "prefetch" }, { "sec-purpose": "prefetch;prerender" }, { purpose: "prefetch" }];

  it.each(doors)("signs nobody in, and uses nothing up: %s", async (_door, wire) => {
    const app = await start(wire);
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    for (const headers of [...ahead, { "x-moz": "prefetch" }]) {
      const { status, headers: answered, setCookies, text } = await visitor.visit(callback, { headers });
      expect([status, answered["cache-control"], setCookies]).toEqual([503, "no-store", []]);
      expect(text).toContain("sign_in_prefetch");
    }
    expect(app.simulator.counts.tokenRequests).toBe(0);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });

    expect((await visitor.visit(callback)).status).toBe(302);
    expect(await companyOf(visitor)).toBe(app.simulator.companies[0].id);
  });
});

describe("a callback that arrives twice", () => {
  it.each(doors)("signs both in with one code and one grant: %s", async (_door, wire) => {
    const app = await start(wire);
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    const reload = visitor.copy();

    const answers = await Promise.all([visitor.visit(callback), reload.visit(callback)]);

    expect(answers.map(({ status, location }) => [status, new URL(location, app.origin).pathname])).toEqual([
      [302, "/"],
      [302, "/"],
    ]);
    const { id } = app.simulator.companies[0];
    expect([await companyOf(visitor), await companyOf(reload)]).toEqual([id, id]);
    expect(app.simulator.counts.tokenRequests).toBe(1);
    expect(await app.stored()).toEqual({ sessions: 2, records: 1 });
  });

  it("sends no code twice, however often, and leaves nobody out", async () => {
    const times = rounds(200, 1_000);
    const grants = memoryGrants();
    const app = await start((express, settings) => wireRoutes(express, { ...settings, skipUserProfile: true, grants }));
    const outcomes: boolean[] = [];

    const workers = Array.from({ length: 20 }, async () => {
      for (let turn = 0; turn < times / 20; turn += 1) outcomes.push(await bothSignedIn(app, { look: turn % 5 === 0 }));
    });
    await Promise.all(workers);

    expect(outcomes.filter(Boolean)).toHaveLength(times);
    expect(app.simulator.counts.tokenRequests).toBe(times);
  }, 240_000);
});

/** Comes back twice at the same moment: whether both are sent on, and see a connected page if they look. */
async function bothSignedIn(app: SignInApp, { look }: { look: boolean }): Promise<boolean> {
  const visitor = app.visitor();
  const callback = await app.consent(visitor);
  const twice = [visitor, visitor.copy()];
  const answers = await Promise.all(twice.map((one) => one.visit(callback)));
  if (answers.some(({ status }) => status !== 302)) return false;
  const pages = look ? await Promise.all(twice.map((one) => one.visit("/me"))) : [];
  return pages.every(({ text }) => text.includes('"id"'));
}
