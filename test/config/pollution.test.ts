import { MemoryStore } from "express-session";
import { createClient } from "redis";
import {
  aircallAuth,
  aircallErrors,
  AircallStrategy,
  classicVerify,
  ConfigError,
  createAircallClient,
  guardSessionStore,
  memoryGrants,
  redisGrants,
  requireAircall,
  saveSessionFirst,
  sessionGrants,
  type GrantStore,
} from "express-aircall";
import { settingNames } from "../../src/config/settings";
import { grantsOf } from "../../src/grants/stores/default";
import { newGrant } from "../support/grants";

const app = { oauthClientId: "id", oauthClientSecret: "secret", callbackUrl: "https://app.example/back" };

const makers: Record<string, () => unknown> = {
  aircallAuth: () => aircallAuth({ ...app, initiateOAuth: "GETANDREFRESH" }),
  "aircallAuth with an API key": () => aircallAuth({ user: "id", password: "token" }),
  AircallStrategy: () => new AircallStrategy(app),
  "AircallStrategy with verify": () => new AircallStrategy(app, ({ account }) => account),
  classicVerify: () => classicVerify((_access, _refresh, _profile, done) => done()),
  requireAircall: () => requireAircall(),
  aircallErrors: () => aircallErrors(),
  saveSessionFirst: () => saveSessionFirst(),
  guardSessionStore: () => guardSessionStore(new MemoryStore()),
  "guardSessionStore with options": () => guardSessionStore(new MemoryStore(), {}),
  memoryGrants: () => memoryGrants(),
  sessionGrants: () => sessionGrants(new MemoryStore()),
  redisGrants: () => redisGrants(createClient()),
  "the grants of a session store": () => grantsOf(new MemoryStore()),
  createAircallClient: () => createAircallClient({ user: "id", password: "token" }),
};

const otherNames = [
  ...["connection", "clientID", "clientSecret", "callbackURL", "passReqToCallback", "verify", "params"],
  ...["grants", "hold", "company", "encryptionKeys", "acceptUnsealed", "disableOnDisconnect", "prefix"],
  ...["timeoutMs", "maxWaiting", "signInPath", "headers", "method", "maxGrants", "longestLifeMs"],
];

/** What each option would be refused for, wherever it is read. */
const polluted = Symbol("from Object.prototype");

describe("a polluted prototype", () => {
  it.each(Object.entries(makers))("sets no option of %s", (_name, make) => {
    const names = [...settingNames, ...otherNames];
    const prototype = Object.prototype as Record<string, unknown>;
    const thrown: unknown[] = [];
    for (const name of names) {
      prototype[name] = polluted;
      try {
        make();
      } catch (error) {
        thrown.push([name, String(error)]);
      } finally {
        delete prototype[name];
      }
    }
    expect(thrown).toEqual([]);
  });
});

describe("a polluted prototype, as stores of grants work", () => {
  const prototype = Object.prototype as Record<string, unknown>;
  const names = ["maxGrants", "longestLifeMs", "encryptionKeys", "acceptUnsealed", "now"];
  afterEach(() => names.forEach((name) => delete prototype[name]));

  it.each([
    ["maxGrants", 1],
    ["now", () => 0],
  ])("leaves %s of memoryGrants() as it is", async (name, value) => {
    prototype[name] = value;
    const store = memoryGrants({});
    delete prototype[name];
    const first = await store.create(newGrant(), 60_000);
    await store.create(newGrant(), 60_000);
    expect(await store.get(first)).not.toBeNull();
  });

  it.each([
    ["longestLifeMs", 1],
    ["encryptionKeys", ["k".repeat(32)]],
  ])("leaves %s of sessionGrants() as it is", async (name, value) => {
    const sessions = new MemoryStore();
    prototype[name] = value;
    const store = sessionGrants(sessions, {});
    delete prototype[name];
    const id = await store.create(newGrant(), 60_000);
    expect(store.longestLifeMs).toBeGreaterThan(1);
    expect(await sessionGrants(sessions).get(id)).not.toBeNull();
  });

  it.each<[string, (sessions: MemoryStore, keys: string[]) => GrantStore]>([
    ["sessionGrants()", (sessions, encryptionKeys) => sessionGrants(sessions, { encryptionKeys })],
    ["the grants of a session store", (sessions, encryptionKeys) => grantsOf(sessions, { encryptionKeys })],
  ])("does not make %s believe what nobody sealed", async (_name, make) => {
    const sessions = new MemoryStore();
    const id = await sessionGrants(sessions).create(newGrant(), 60_000);
    prototype["acceptUnsealed"] = true;
    const store = make(sessions, ["k".repeat(32)]);
    delete prototype["acceptUnsealed"];
    expect(await store.get(id)).toBeNull();
  });
});

describe("a misspelt option of a store of grants", () => {
  it.each<[string, () => GrantStore, string]>([
    ["memoryGrants", () => memoryGrants({ maxGrant: 5 } as never), "maxGrants"],
    ["sessionGrants", () => sessionGrants(new MemoryStore(), { encryptionKey: [] } as never), "encryptionKeys"],
    ["sessionGrants, of time", () => sessionGrants(new MemoryStore(), { longestLifeMS: 1 } as never), "longestLifeMs"],
    ["redisGrants", () => redisGrants(createClient(), { prefx: "a:" } as never), "prefix"],
    ["redisGrants, of seals", () => redisGrants(createClient(), { acceptUnseald: true } as never), "acceptUnsealed"],
  ])("is named with the one that was meant: %s", (_maker, make, meant) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(`Did you mean "${meant}"?`);
  });

  it.each<[string, () => GrantStore]>([
    ["memoryGrants", () => memoryGrants(5 as never)],
    ["sessionGrants", () => sessionGrants(new MemoryStore(), "key" as never)],
    ["redisGrants", () => redisGrants(createClient(), "shop:" as never)],
  ])("is told from no options at all: %s", (maker, make) => {
    expect(make).toThrow(`${maker}(`);
    expect(make).toThrow("takes an object of options");
  });
});
