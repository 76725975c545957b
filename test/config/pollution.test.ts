import { MemoryStore } from "express-session";
import {
  aircallAuth,
  aircallErrors,
  AircallStrategy,
  classicVerify,
  createAircallClient,
  guardSessionStore,
  requireAircall,
  saveSessionFirst,
} from "express-aircall";
import { settingNames } from "../../src/config/settings";

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
  createAircallClient: () => createAircallClient({ user: "id", password: "token" }),
};

const otherNames = [
  ...["connection", "clientID", "clientSecret", "callbackURL", "passReqToCallback", "verify", "params"],
  ...["grants", "hold", "company", "encryptionKeys", "disableOnDisconnect", "prefix", "maxGrants"],
  ...["timeoutMs", "maxWaiting", "signInPath", "headers", "method"],
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
