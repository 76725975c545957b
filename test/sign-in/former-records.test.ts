import { MemoryStore } from "express-session";
import { aircallAuth, migrateGrants, sessionGrants, type AircallAuthOptions } from "express-aircall";
import { appKey } from "../../src/grants/session-grants";
import { useSignInApps, type Settings } from "../support/apps/sign-in-app";
import type { Visitor } from "../support/browser/visitor";

const start = useSignInApps();
const key = "a key of at least thirty-two characters";

type Documents = Record<string, string>;
type Fields = Record<string, unknown>;

/** As many apps as there are settings, one after the other, over the same sessions. */
async function startOver(store: MemoryStore, options: Partial<AircallAuthOptions>[]) {
  const auths: ReturnType<typeof aircallAuth>[] = [];
  let current = 0;
  let clientId = "";
  const app = await start(
    (express, settings: Settings) => {
      clientId = settings.oauthClientId;
      for (const one of options) auths.push(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH", ...one }));
      express.use((req, res, next) => auths[current]!(req, res, next));
      express.get("/me", async (req, res) => void res.json((await req.aircall.account())?.id ?? null));
      express.get("/users", async (req, res) => void res.json((await req.aircall.users.list()).items.length));
    },
    { store },
  );
  return { app, clientId, restartAs: (index: number) => void (current = index) };
}

function documentsOf(store: MemoryStore): Documents {
  return (store as unknown as { sessions: Documents }).sessions;
}

/**
 * Rewrites what is kept into what was kept before there were links and apps: bare ids, grants in format 1, and an index
 * by company alone.
 */
function age(store: MemoryStore, companyId: number): void {
  const documents = documentsOf(store);
  for (const [name, text] of Object.entries(documents)) {
    const document = JSON.parse(text) as Fields;
    const former = name.startsWith("ac_") ? formerRecord(document) : formerSession(document);
    delete documents[name];
    documents[name.startsWith("ac_company_") ? `ac_company_${companyId}` : name] = JSON.stringify(former);
  }
}

function formerSession({ "express-aircall": links, ...session }: Fields): Fields {
  const apps = Object.entries((links ?? {}) as Record<string, { id: string }[]>);
  return { ...session, aircall: Object.fromEntries(apps.map(([app, held]) => [app, held.map(({ id }) => id)])) };
}

function formerRecord({ aircall, ...document }: Fields): Fields {
  const { grant, endsAt } = aircall as Fields;
  if (typeof grant !== "string") return { ...document, aircall };
  const { app: _app, state: _state, refusedAt: _refusedAt, ...fields } = JSON.parse(grant) as Fields;
  const former = JSON.stringify({ ...fields, format: 1, ended: null });
  return { ...document, aircall: { grant: former, lifeMs: 86_400_000, endsAt } };
}

async function connectedTo(visitor: Visitor): Promise<unknown> {
  return JSON.parse((await visitor.visit("/me")).text);
}

describe("what was kept before grants knew their app", () => {
  it("stays connected where a session held it, until that session ends", async () => {
    const store = new MemoryStore();
    const { app } = await startOver(store, [{}]);
    const visitor = app.visitor();
    await app.signIn(visitor);
    const [{ id }] = app.simulator.companies;
    age(store, id);

    expect(await connectedTo(visitor)).toBe(id);
    expect((await visitor.visit("/users")).status).toBe(200);
    const old = visitor.copy();
    await visitor.visit("/auth/aircall/logout", { method: "POST", headers: { origin: app.origin } });
    expect(await connectedTo(old)).toBeNull();
    expect(await app.stored()).toEqual({ sessions: 0, records: 0 });
  });

  it("is nothing to another app on the same sessions", async () => {
    const store = new MemoryStore();
    const { app, restartAs } = await startOver(store, [{}, { oauthClientId: "another-app" }]);
    const visitor = app.visitor();
    await app.signIn(visitor);
    age(store, app.simulator.companies[0].id);
    restartAs(1);

    expect(await connectedTo(visitor)).toBeNull();
  });

  it("waits for the migration where the company holds it", async () => {
    const store = new MemoryStore();
    const { app, clientId } = await startOver(store, [{ hold: "company" }]);
    const visitor = app.visitor();
    await app.signIn(visitor);
    const [{ id }] = app.simulator.companies;
    age(store, id);

    expect(await connectedTo(visitor)).toBeNull();
    expect(await migrateGrants(sessionGrants(store), { clientId, companyIds: [id] })).toEqual({ moved: 1, unread: 0 });
    expect(await connectedTo(visitor)).toBe(id);
    expect(JSON.stringify(documentsOf(store))).toContain(appKey(clientId));
  });
});

describe("what was kept without encryptionKeys", () => {
  it("is read with acceptUnsealed only, and sealed by the next visit", async () => {
    const store = new MemoryStore();
    const sealed = { encryptionKeys: [key] };
    const { app, restartAs } = await startOver(store, [{}, sealed, { ...sealed, acceptUnsealed: true }]);
    const visitor = app.visitor();
    await app.signIn(visitor);
    const { id } = app.simulator.companies[0];
    expect(JSON.stringify(documentsOf(store))).toContain("accessToken");

    restartAs(1);
    expect(await connectedTo(visitor)).toBeNull();
    restartAs(2);
    expect(await connectedTo(visitor)).toBe(id);
    while (JSON.stringify(documentsOf(store)).includes("accessToken")) await new Promise(setImmediate);
    restartAs(1);
    expect(await connectedTo(visitor)).toBe(id);
  });
});
