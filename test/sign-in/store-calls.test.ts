import { MemoryStore } from "express-session";
import { aircallAuth, memoryGrants, type AircallAuthOptions, type GrantStore } from "express-aircall";
import { useSignInApps, type Settings, type SignInApp } from "../support/apps/sign-in-app";

type Hold = NonNullable<AircallAuthOptions["hold"]>;
const start = useSignInApps();

/** What one visit of each kind asks of the store of grants, or of sessions, in this order. */
type Asked = Record<string, string>;

function startApp(store: MemoryStore, options: (settings: Settings) => AircallAuthOptions): Promise<SignInApp> {
  return start(
    (app, settings) => {
      app.use(aircallAuth({ ...options(settings), initiateOAuth: "GETANDREFRESH" }));
      app.get("/none", (_req, res) => res.end());
      app.get("/me", async (req, res) => void res.json(await req.aircall.account()));
      app.get("/calls", async (req, res) => void res.json(await req.aircall.calls.list()));
      app.post("/out", (req, res) => req.aircall.disconnect().then(() => res.end()));
    },
    { store },
  );
}

async function visitEach(app: SignInApp, asked: string[]): Promise<Asked> {
  const [one, other] = [app.visitor(), app.visitor()];
  await app.signIn(other);
  const [anonymous, callback] = [app.visitor(), await app.consent(one)];
  const visits: [kind: string, visit: () => Promise<unknown>][] = [
    ["nobody's page", () => anonymous.visit("/me")],
    ["a sign-in", () => anonymous.visit("/auth/aircall")],
    ["its callback", () => one.visit(callback)],
    ["the first visit in a quarter of a life", () => one.visit("/none")],
    ["the first use in a quarter of a life", () => one.visit("/calls")],
    ["a page that asks nothing", () => one.visit("/none")],
    ["a page that asks who", () => one.visit("/me")],
    ["a page that asks Aircall", () => one.visit("/calls")],
    ["disconnect()", () => other.visit("/out", { method: "POST" })],
    ["logout", () => one.visit("/auth/aircall/logout", { method: "POST", headers: { origin: app.origin } })],
  ];
  const answers: Asked = {};
  for (const [kind, visit] of visits) {
    asked.length = 0;
    await visit();
    await idle();
    answers[kind] = asked.join(" ");
  }
  return answers;
}

/** Stores in memory have done by then what nobody waits for. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
}

/** Writes down which methods are called, and not which a method calls of its own. */
function watched<T extends object>(store: T, names: readonly string[], asked: string[]): T {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (names.includes(String(name))) asked.push(String(name));
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}

const bySession = {
  "nobody's page": "",
  "a sign-in": "",
  "its callback": "claim create",
  "the first visit in a quarter of a life": "prolong",
  "the first use in a quarter of a life": "get",
  "a page that asks nothing": "",
  "a page that asks who": "get",
  "a page that asks Aircall": "get",
  "disconnect()": "delete",
  logout: "delete",
};

const byCompany = {
  ...bySession,
  "its callback": "claim withLock idsOf get replace link",
  "the first use in a quarter of a life": "get prolong",
  "disconnect()": "unlink",
  logout: "unlink",
};

/** Beside express-session's own "get", and "touch" or "set" at the end. */
const inSessions = {
  "nobody's page": "",
  "a sign-in": "",
  "its callback": "get set get set set set",
  "the first visit in a quarter of a life": "get touch get get set set",
  "the first use in a quarter of a life": "get get touch",
  "a page that asks nothing": "get touch",
  "a page that asks who": "get get touch",
  "a page that asks Aircall": "get get touch",
  "disconnect()": "get get destroy get set set",
  logout: "get get destroy get destroy destroy",
};

const ofGrants = ["get", "replace", "delete", "create", "link", "unlink", "idsOf", "claim", "prolong", "withLock"];

describe("what a request asks", () => {
  it.each<[Hold, Asked]>([
    ["session", bySession],
    ["company", byCompany],
  ])('of the grant store is no more than it must be, with hold: "%s"', async (hold, expected) => {
    const asked: string[] = [];
    const grants: GrantStore = watched(memoryGrants(), ofGrants, asked);
    const app = await startApp(new MemoryStore(), (settings) => ({ ...settings, grants, hold }));

    expect(await visitEach(app, asked)).toEqual(expected);
  });

  it("of the session store is what express-session asks, and a read of the grant", async () => {
    const asked: string[] = [];
    const store = watched(new MemoryStore(), ["get", "set", "destroy", "touch"], asked);
    const app = await startApp(store, (settings) => settings);

    expect(await visitEach(app, asked)).toEqual(inSessions);
  });
});
