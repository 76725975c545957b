import type { Express } from "express";
import { MemoryStore, type SessionData } from "express-session";
import { doors, wirePassport, wireRoutes } from "../support/apps/doors";
import { useSignInApps, type SignInApp } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";
import { promised, rounds } from "../support/promised";

const start = useSignInApps();
type Fault = "fails" | "hangs" | null;

/** A store that does not do what it is told to leave undone. */
class FaultyStore extends MemoryStore {
  /** Asked about every write. */
  onSet: (id: string) => Fault = () => null;
  onDestroy: (id: string) => Fault = () => null;

  override set(id: string, document: SessionData, done?: (error?: unknown) => void): void {
    this.#obey(this.onSet(id), done, () => super.set(id, document, done));
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.#obey(this.onDestroy(id), done, () => super.destroy(id, done));
  }

  #obey(fault: Fault, done: ((error?: unknown) => void) | undefined, work: () => void): void {
    if (fault === null) work();
    if (fault === "fails")
      setImmediate(() => done?.(new Error("READONLY You can't write against a read only replica.")));
  }
}

const isRecord = (id: string) => id.startsWith("ac_");

/** `/keep` writes a key of the app's own into the session, and `/kept` shows it. */
function withAppKeys(wire: (typeof doors)[number][1]): (typeof doors)[number][1] {
  return (app: Express, settings) => {
    app.get("/keep", (req, res) => {
      Object.assign(req.session, { basket: ["apples"] });
      res.end();
    });
    app.get("/kept", (req, res) => void res.json((req.session as { basket?: string[] }).basket ?? null));
    wire(app, settings);
  };
}

async function accountOf(visitor: Visitor): Promise<unknown> {
  return JSON.parse((await visitor.visit("/me")).text);
}

function signInAt(app: SignInApp, visitor: Visitor, companyId: number) {
  return visitor
    .visit("/auth/aircall")
    .then(({ location }) => visitor.visit(app.simulator.consent(location, { companyId })));
}

describe.each(doors)("a visit to sign in by %s", (_door, wire) => {
  it("leaves nothing on the server, however often", async () => {
    const times = rounds(500, 5_000);
    const app = await start(wire);
    let sentAway = 0;
    const visitors = Array.from({ length: 20 }, async () => {
      for (let turn = 0; turn < times / 20; turn += 1) {
        const { status } = await app.visitor().visit("/auth/aircall");
        if (status === 302) sentAway += 1;
      }
    });
    await Promise.all(visitors);
    expect(sentAway).toBe(times);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  }, 240_000);
});

describe.each(doors)("the session after signing in by %s", (_door, wire) => {
  it("has another id: one that was planted before is worthless", async () => {
    const app = await start(withAppKeys(wire));
    const attacker = app.visitor();
    await attacker.visit("/keep");
    const victim = attacker.copy();

    await app.signIn(victim);

    expect(victim.cookies.get("connect.sid")).not.toBe(attacker.cookies.get("connect.sid"));
    expect(await accountOf(attacker)).toBeNull();
    expect(JSON.parse((await attacker.visit("/kept")).text)).toBeNull();
    expect(await accountOf(victim)).toMatchObject({ id: app.simulator.companies[0].id });
  });

  it("holds nothing of what a planted one had connected, whose record is gone", async () => {
    const app = await start(wire);
    const [own, planted] = app.simulator.companies;
    const attacker = app.visitor();
    await signInAt(app, attacker, planted.id);
    const victim = attacker.copy();

    await signInAt(app, victim, own.id);

    expect(await accountOf(victim)).toMatchObject({ id: own.id });
    expect(await accountOf(attacker)).toBeNull();
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });
});

describe("the session after signing in by aircallAuth", () => {
  it("keeps what the app had put there", async () => {
    const app = await start(withAppKeys(wireRoutes));
    const visitor = app.visitor();
    await visitor.visit("/keep");
    await app.signIn(visitor);
    expect(JSON.parse((await visitor.visit("/kept")).text)).toEqual(["apples"]);
  });

  it("keeps what it held when its first save fails, and none of the new company", async () => {
    const store = new FaultyStore();
    const app = await start(withAppKeys(wireRoutes), { store });
    const visitor = app.visitor();
    const [one, other] = app.simulator.companies;
    await visitor.visit("/keep");
    await signInAt(app, visitor, one.id);
    let failures = 1;
    store.onSet = (id) => (!isRecord(id) && failures-- > 0 ? "fails" : null);

    expect((await signInAt(app, visitor, other.id)).status).toBe(503);

    expect(await accountOf(visitor)).toMatchObject({ id: one.id });
    expect(JSON.parse((await visitor.visit("/kept")).text)).toEqual(["apples"]);
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });

  it("is the old one where a new one cannot be begun", async () => {
    const store = new FaultyStore();
    const app = await start(withAppKeys(wireRoutes), { store });
    const visitor = app.visitor();
    const [one, other] = app.simulator.companies;
    await visitor.visit("/keep");
    await signInAt(app, visitor, one.id);
    store.onDestroy = (id) => (isRecord(id) ? null : "fails");

    expect((await signInAt(app, visitor, other.id)).status).toBe(503);

    expect(await accountOf(visitor)).toMatchObject({ id: one.id });
    expect(JSON.parse((await visitor.visit("/kept")).text)).toEqual(["apples"]);
    expect(await app.stored()).toEqual({ sessions: 1, records: 1 });
  });
});

describe.each(doors)("a session store that fails while signing in by %s", (_door, wire) => {
  it.each<[string, (id: string) => Fault]>([
    ["every write", () => "fails"],
    ["writing the record", (id) => (isRecord(id) ? "fails" : null)],
    ["saving the session", (id) => (isRecord(id) ? null : "fails")],
  ])("at %s: 503, and nobody is half signed in", async (_what, onSet) => {
    const store = new FaultyStore();
    const app = await start(wire, { store });
    const visitor = app.visitor();
    store.onSet = onSet;

    const { status, location, text } = await app.signIn(visitor);

    expect([status, location, JSON.parse(text).code]).toEqual([503, "", "store_failed"]);
    expect(text).not.toContain("READONLY");
    store.onSet = () => null;
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
    expect(await accountOf(visitor)).toBeNull();
    expect((await app.signIn(visitor)).status).toBe(302);
    expect(await accountOf(visitor)).toMatchObject({ id: app.simulator.companies[0].id });
  });

  it("at the session, after a doubled callback: neither is signed in", async () => {
    const store = new FaultyStore();
    const app = await start(wire, { store });
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    const twice = [visitor, visitor.copy()];
    store.onSet = (id) => (isRecord(id) ? null : "fails");

    const answers = await Promise.all(twice.map((one) => one.visit(callback)));

    expect(answers.map(({ status }) => status).sort()).toEqual([400, 503]);
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });
});

describe("a session store that never answers while signing in", () => {
  it("keeps nobody waiting much longer than two seconds", async () => {
    const store = new FaultyStore();
    const app = await start(wireRoutes, { store });
    const visitor = app.visitor();
    const callback = await app.consent(visitor);
    store.onSet = () => "hangs";
    const startedAt = performance.now();

    expect((await visitor.visit(callback)).status).toBe(503);

    expect(performance.now() - startedAt).toBeLessThan(promised(4_000));
  });
});

describe("a session store that fails once Passport saves", () => {
  it("reports the failure, and nobody is signed in", async () => {
    const store = new FaultyStore();
    const app = await start(wirePassport, { store });
    const visitor = app.visitor();
    let saved = 0;
    store.onSet = (id) => (isRecord(id) || saved++ === 0 ? null : "fails");

    const { status, location } = await app.signIn(visitor);

    expect([status, location]).toEqual([500, ""]);
    expect(await accountOf(visitor)).toBeNull();
  });
});
