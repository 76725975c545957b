import { MemoryStore } from "express-session";
import {
  aircallAuth,
  aircallErrors,
  aircallWebhooks,
  AircallStrategy,
  classicVerify,
  createAircallClient,
  guardSessionStore,
  memoryGrants,
  postgresGrants,
  redisGrants,
  requireAircall,
} from "express-aircall";

const app = {
  oauthClientId: "id",
  oauthClientSecret: "secret",
  callbackUrl: "https://app.example/auth/aircall/callback",
};
const connecting = { ...app, initiateOAuth: "GETANDREFRESH" as const };
const basic = { user: "id", password: "token" };
const token = { oauthAccessToken: "token" };
const key = "k".repeat(32);
const pool = { query: () => Promise.resolve({ rows: [] }) };
const redis = { eval: () => Promise.resolve(), isOpen: true };

/** As somebody without TypeScript writes them. */
const auth = (options: object) => () => aircallAuth(options);
const strategy =
  (options: object, ...verify: unknown[]) =>
  () =>
    new AircallStrategy(options, ...(verify as []));

const linked = { url: "https://app.example/recordings", keys: [key] };

const links: typeof impossibleSettings = [
  ["links that came out as null", auth({ ...basic, recordingLinks: null })],
  ["links that none is connected for", auth({ ...app, recordingLinks: linked })],
  ["links with a query", auth({ ...basic, recordingLinks: { ...linked, url: "https://app.example/a?b=1" } })],
  ["links in place of the app", auth({ ...basic, recordingLinks: { ...linked, url: "https://app.example/" } })],
  [
    "links in place of signing in",
    auth({ ...connecting, grants: memoryGrants(), recordingLinks: { ...linked, url: "https://app.example/Auth" } }),
  ],
  ["links that nobody signs", auth({ ...basic, recordingLinks: { ...linked, keys: [] } })],
  ["links signed with nothing", auth({ ...basic, recordingLinks: { ...linked, keys: [undefined] } })],
  ["links for ever", auth({ ...basic, recordingLinks: { ...linked, expiresInMs: Infinity } })],
];

const hook = () => undefined;
const hooks: typeof impossibleSettings = [
  ["a hook that is a text", auth({ ...app, grants: memoryGrants(), onConnect: "mail" })],
  ["a hook for the end that is a text", auth({ ...app, grants: memoryGrants(), onDisconnect: "mail" })],
  [
    "a hook for failures that is a text",
    auth({ ...app, grants: memoryGrants(), onConnect: hook, onHookError: "mail" }),
  ],
  ["a hook for failures of none", auth({ ...app, grants: memoryGrants(), onHookError: hook })],
  ["a hook without grants", auth({ ...app, onConnect: hook })],
  ["a hook for the end without grants", auth({ ...app, onDisconnect: hook })],
  ["a hook where nobody connects", auth({ ...basic, onConnect: hook })],
  ["a hook for nobody", auth({ ...app, grants: memoryGrants(), skipUserProfile: true, onConnect: hook })],
  ["a hook for the end of nobody", auth({ ...app, grants: memoryGrants(), skipUserProfile: true, onDisconnect: hook })],
  ["a hook beside a store of before", auth({ ...app, grants: { ...memoryGrants(), records: null }, onConnect: hook })],
];

const webhooks = (options: object) => () =>
  aircallWebhooks({ auth: aircallAuth(basic), path: "/events", tokens: ["token"], onAny: () => null, ...options });

const receiving: typeof impossibleSettings = [
  ["webhooks without auth", webhooks({ auth: undefined })],
  ["webhooks for sessions", webhooks({ auth: aircallAuth({ ...app, grants: memoryGrants() }) })],
  ["webhooks without an address", webhooks({ path: undefined })],
  ["webhooks that nothing is done about", webhooks({ onAny: undefined })],
  ["webhooks that no event is named of", webhooks({ onAny: undefined, on: {} })],
  ["a misspelt event", webhooks({ on: { "call.endded": () => null } })],
  ["a handler that is none", webhooks({ on: { "call.ended": "log" } })],
  ["onAny that is none", webhooks({ onAny: [] })],
  ["onError that is none", webhooks({ onError: "log" })],
  ["enqueue that is none", webhooks({ enqueue: {} })],
  ["tokenFor that is none", webhooks({ tokenFor: "token" })],
  ["webhooks without a token", webhooks({ tokens: undefined })],
  ["a webhook's token that is not set", webhooks({ tokens: [undefined] })],
  ["a webhook's token alone", webhooks({ tokens: "token" })],
  ["an answer in other words", webhooks({ answer: "soon" })],
  ["an answer beside a queue", webhooks({ answer: "early", enqueue: () => null })],
];

/** Settings that cannot work, by what is wrong with them: each is refused as the app starts. */
export const impossibleSettings: readonly [what: string, start: () => unknown][] = [
  ...receiving,
  ["the callback where signing in begins", auth({ ...connecting, callbackUrl: "https://app.example/auth/aircall" })],
  ["the same, written otherwise", auth({ ...connecting, callbackUrl: "https://app.example/Auth/Aircall/" })],
  ["the same, behind a proxy", auth({ ...connecting, callbackPath: "/auth/aircall" })],
  ["the same, by the other path", auth({ ...connecting, signInPath: "/auth/aircall/callback" })],
  ["the callback where installing begins", auth({ ...connecting, callbackPath: "/auth/aircall/install" })],
  ["the callback where signing out happens", auth({ ...connecting, callbackPath: "/auth/aircall/LOGOUT" })],
  ["a callback without a path", auth({ ...connecting, callbackUrl: "https://app.example" })],
  ["a callback that is the home page", auth({ ...connecting, callbackUrl: "https://app.example/" })],
  [
    "a callback without a path, for the strategy",
    strategy({ ...app, callbackUrl: "https://app.example?from=aircall" }),
  ],
  ["a callback with a state of its own", auth({ ...connecting, callbackUrl: "https://app.example/back?state=1" })],
  ["a callback with a code, for the strategy", strategy({ ...app, callbackUrl: "https://app.example/back?code=" })],
  ["signing in at /install", auth({ ...connecting, signInPath: "/aircall/install" })],
  ["signing in at /Logout", auth({ ...connecting, signInPath: "/aircall/Logout" })],
  ["signing in at /logout alone", auth({ ...connecting, signInPath: "/logout" })],
  ["companies nobody can tell apart", auth({ ...connecting, companies: [1], skipUserProfile: true })],
  ["the same, for the strategy", strategy({ ...app, companies: [1], skipUserProfile: true })],
  ["companies beside an API key", auth({ ...basic, companies: [1] })],
  ["companies for a script", () => createAircallClient({ ...token, companies: [1] })],
  ["companies where Passport signs in", auth({ ...app, companies: [1] })],
  ["a list of companies that names none", auth({ ...connecting, companies: [] })],
  ["a company that is none", auth({ ...connecting, companies: [4711, "Acme"] })],
  ["a tenant among the companies", auth({ ...connecting, companies: [{ ref: "7" }] })],
  ["verify beside an API key", auth({ ...basic, verify: () => true })],
  ["a verify that is none", auth({ ...connecting, verify: null })],
  ["the same, for the strategy", strategy(app, false)],
  ["a verify whose form is not certain", strategy(app, (...given: unknown[]) => given)],
  ["a verify of two parameters", strategy(app, (one: unknown, other: unknown) => [one, other])],
  ["a verify that wants the request in another form", strategy({ ...app, passReqToCallback: true }, () => true)],
  ["a verify that is a class", strategy(app, class {})],
  ["a verify among the strategy's options", strategy({ ...app, verify: () => true })],
  ["a verify before the options", () => new AircallStrategy((() => true) as never, app as never)],
  [
    "passReqToCallback twice",
    strategy(
      { ...app, passReqToCallback: true },
      classicVerify((...given) => given),
    ),
  ],
  ["a classic verify that is none", () => classicVerify(undefined as never)],
  ["a classic verify without done", () => classicVerify((accessToken) => accessToken)],
  ["no options but null", strategy(null as never)],
  ["a list of options", auth([])],
  ...links,
  ["a trail that came out as null", auth({ ...basic, onAudit: null })],
  ["an actor that is no function", auth({ ...basic, onAudit: () => 1, actor: "ada" })],
  ["an actor without a trail", auth({ ...basic, actor: () => "ada" })],
  ...hooks,
  ["grants that are none", auth({ ...app, grants: {} })],
  ["grants that came out as null", auth({ ...app, grants: null })],
  ["grants that came out as false", auth({ ...app, grants: false })],
  ["a Redis client as grants", auth({ ...app, grants: redis })],
  ["a pool of Postgres as grants", auth({ ...app, grants: pool })],
  ["a session store as grants", auth({ ...app, grants: new MemoryStore() })],
  ["grants not called", auth({ ...app, grants: redisGrants })],
  ["grants not called, another", auth({ ...app, grants: memoryGrants })],
  ["a part of a grant store", auth({ ...app, grants: { ...memoryGrants(), withLock: undefined } })],
  ["hold in other words", auth({ ...app, hold: "everyone" })],
  ["a company that is no function", auth({ ...app, hold: "company", company: 4711 })],
  ["a company that came out as null", auth({ ...app, hold: "company", company: null })],
  ["a company for each session", auth({ ...app, company: () => 4711 })],
  ["a company beside an API key", auth({ ...basic, hold: "company", company: () => 4711 })],
  ["a company beside a token", auth({ ...token, hold: "company", company: () => 4711 })],
  ["companies that hold, and are not asked about", auth({ ...app, hold: "company", skipUserProfile: true })],
  ["no keys", auth({ ...app, encryptionKeys: [] })],
  ["keys that came out as null", auth({ ...app, encryptionKeys: null })],
  ["a short key", auth({ ...app, encryptionKeys: ["short"] })],
  ["grants in nothing", () => postgresGrants(undefined as never)],
  ["grants in Prisma", () => postgresGrants({ $queryRawUnsafe: () => [] } as never)],
  ["grants in a schema that is no name", () => postgresGrants(pool, { schema: "a-b" })],
  ["keys beside a store", auth({ ...app, encryptionKeys: [key], grants: memoryGrants() })],
  ["unsealed grants, without keys", auth({ ...app, acceptUnsealed: true })],
  ["unsealed grants, beside a store", auth({ ...app, acceptUnsealed: true, grants: memoryGrants() })],
  ["unsealed grants, as text", auth({ ...app, acceptUnsealed: "false", encryptionKeys: [key] })],
  ["disabling, as text", auth({ ...app, disableOnDisconnect: "false" })],
  ["disabling, where nothing may be written", auth({ ...app, disableOnDisconnect: true, readOnly: true })],
  ["a token, and companies that connect", auth({ ...connecting, ...token })],
  ["a secret before none", auth({ ...token, previousClientSecret: "old" })],
  ["a cookie's name that is none", auth({ ...connecting, attemptCookie: "a b" })],
  [
    "a cookie no browser keeps",
    auth({ ...connecting, callbackUrl: "http://localhost/back", attemptCookie: "__Host-a" }),
  ],
  ["Basic for the strategy", strategy({ ...app, authScheme: "Basic" })],
  ["both schemes", auth({ ...basic, ...app })],
  ["nothing", auth({ connection: "Timeout=5" })],
  ["half a key", auth({ user: "id" })],
  ["a misspelt option", auth({ ...app, oauthClientid: "id" })],
  ["a misspelt property", auth({ connection: "OAuthClientIdd=id" })],
  ["a misspelt option of the guard", () => guardSessionStore(new MemoryStore(), { timeoutMS: 5 } as object)],
  ["a misspelt option of requireAircall", () => requireAircall({ signInpath: "/login" } as object)],
  ["a misspelt option of aircallErrors", () => aircallErrors({ signinPath: "/login" } as object)],
];
