import { inspect } from "node:util";
import express, { type Express } from "express";
import session from "express-session";
import {
  aircallAuth,
  createAircallClient,
  memoryGrants,
  parseConnectionString,
  requireAircall,
  sessionGrants,
  type AircallAuth,
  type AircallAuthOptions,
} from "express-aircall";
import { createBrowser, pathOf } from "./support/browser/browser";
import { quotingPostgres, quotingRedis, startTenantsWithKeys } from "./support/apps/tenants-with-keys";
import { startPostgres } from "./support/postgres/postgres";
import { startRedisGrants } from "./support/redis/redis-grants";
import { startHostileUpstream, type HostileUpstream } from "./support/servers/hostile-upstream";
import { createTalkativeStore, pick } from "./support/servers/talkative-store";
import { createWitness, type Witness } from "./support/witness";

/** Stands in every secret that we choose; the others are collected as they are made. */
const mark = "s3nt1nel";
const phone = "+1 555 555 0142";
const origin = "http://localhost:1234";
const password = `${mark}-basic-token`;

const full = process.env["SOAK"] === "1";
const mostFailures = full ? 10_000 : 1_000;
const atOnce = 25;

describe("secrets", () => {
  it(
    "are in no error, answer, event, log or warning, whatever Aircall, the store and the app do",
    async () => {
      const random = seeded(Number(process.env["SEED"] ?? 20_261_123));
      const world = await createWorld(random);
      while (world.failures.length < mostFailures) await Promise.all(Array.from({ length: atOnce }, () => world.act()));
      await world.close();
      expect(new Set(world.failures).size).toBeGreaterThan(15);
      expect(world.failures).toEqual(expect.arrayContaining(["key_refused", "store_failed"]));
      expect(world.leaks()).toEqual([]);
    },
    full ? 600_000 : 60_000,
  );
});

type Random = () => number;

async function createWorld(random: Random) {
  const upstream = await startHostileUpstream(
    { honest: (url) => (/token|me$|company/.test(url) ? 0.8 : 0.3), random },
    {
      randomToken: () => `${mark}-${hex(random)}`,
      clientSecret: `${mark}-client-secret`,
      apiToken: password,
      tokens: "rotating",
      rateLimit: 1e9,
    },
  );
  const witness = createWitness();
  const store = createTalkativeStore(random);
  const open: AircallAuth[] = [];

  function createApp(options: AircallAuthOptions): Express {
    const auth = aircallAuth({ timeoutMs: 5_000, ...options });
    open.push(auth);
    witness.see("inspect(aircallAuth)", inspect(auth, { depth: 10, showHidden: true }));
    const app = express().set("env", "development");
    app.use(
      session({
        secret: `${mark}-session`,
        store,
        genid: () => `${mark}-sid-${hex(random)}`,
        resave: false,
        saveUninitialized: false,
      }),
    );
    app.use(auth, (req, _res, next) => {
      witness.see("inspect(req.aircall)", inspect(req.aircall, { depth: 10, showHidden: true }));
      next();
    });
    addRoutes(app, upstream.simulator.companies[0].users[0]!.id);
    return app.use(witness.hear);
  }

  const oauth = { ...upstream.simulator.oauth, callbackUrl: `${origin}/auth/aircall/callback`, pkce: true };
  const verify = () => {
    if (random() < 0.1) throw new Error("verify broke");
    return random() < 0.9;
  };
  const [database, redis] = await Promise.all([startPostgres(), startRedisGrants()]);
  const kept = [
    ...[memoryGrants(), quotingPostgres(database, random), await quotingRedis(redis, random)],
    sessionGrants(store, { encryptionKeys: [`${mark} to seal the grants with, and it is long`] }),
  ];
  const tenants = kept.map((grants) =>
    startTenantsWithKeys({
      ...{ simulator: upstream.simulator, random, mark, grants, see: witness.see, failed: witness.failed },
      routes(app) {
        addRoutes(app, upstream.simulator.companies[0].users[0]!.id);
        return app.use(witness.hear);
      },
    }),
  );
  const connecting = createApp({ ...oauth, initiateOAuth: "GETANDREFRESH", verify });
  const basic = createApp(upstream.simulator.basic);
  const actors = [
    ...Array.from({ length: 3 }, () => () => connect(connecting, upstream, witness, random)),
    () => useAll(createVisitor(basic, witness), random),
    () => renew(upstream, witness, random),
    () => script(upstream, witness),
    () => mistype(witness, random),
    ...tenants.map(({ app, act }) => () => {
      const tenant = `tenant-${Math.floor(random() * 50)}`;
      return act(tenant, () => useAll(createVisitor(app, witness, tenant), random));
    }),
  ];

  return {
    act: () => pick(actors, random)(),
    failures: witness.failures,
    leaks() {
      const basic = Buffer.from(`:${password}`).toString("base64").slice(4, -4);
      const ids = Array.from(store.ids, (id) => id.replace(/^ac_/, ""));
      return witness.leaks([mark, basic, ...ids, ...upstream.tokenRequests.flatMap(verifierIn)], phone);
    },
    async close() {
      await Promise.all([...open, ...tenants].map((one) => one.close()));
      await Promise.all([database.close(), redis.close()]);
      await upstream.close();
      witness.close();
    },
  };

  /** An app with a token of its own, long expired: its first request renews it. */
  async function renew({ simulator }: HostileUpstream, witness: Witness, random: Random): Promise<void> {
    const { access_token, refresh_token } = simulator.issueToken();
    const app = createApp({
      ...oauth,
      oauthAccessToken: access_token,
      oauthRefreshToken: refresh_token!,
      oauthExpiresIn: 60,
      oauthTokenTimestamp: Date.now() - 3_600_000,
    });
    await useAll(createVisitor(app, witness), random);
    await open.pop()?.close();
  }
}

function addRoutes(app: Express, user: number): void {
  const once = { maxRetries: 0 };
  app.get("/calls", requireAircall(), async (req, res) => {
    const page = await req.aircall.calls.list({ per_page: 1 }, once);
    await page.next();
    res.send("listed");
  });
  app.get("/dial", async (req, res) => {
    await req.aircall.users.dial(user, { to: phone }, once);
    res.send("dialled");
  });
  app.get("/search", async (req, res) => {
    await req.aircall.request("GET", "/v1/company", { query: { phone_number: phone }, ...once });
    res.send("found");
  });
  app.get("/account", async (req, res) => {
    res.send((await req.aircall.account()) ? "known" : "unknown");
  });
  app.get("/disconnect", async (req, res) => {
    await req.aircall.disconnect();
    res.send("disconnected");
  });
}

/** What an attacker, or a bad day, makes of a callback's address. */
const tamperings: ((path: string) => string)[] = [
  ...Array.from({ length: 8 }, () => (path: string) => path),
  (path) => path.replace("code=", "error=access_denied&error_description="),
  (path) => path.replace("code=", "error="),
  (path) => path.replace("code=", "code=%0d%0aX-Injected:%20"),
  (path) => path.replace("state=", "state=%0d%0a"),
  (path) => path.replace("state=", "state[]="),
  (path) => `${path}&code=again`,
  (path) => path.replace("code=", "kode="),
];

async function connect(app: Express, { simulator }: HostileUpstream, witness: Witness, random: Random): Promise<void> {
  const visitor = createVisitor(app, witness);
  const sentAway = await visitor.visit("/auth/aircall?return_to=/calls%0d%0aX-Injected:1");
  if (sentAway.status !== 302) return;
  const callback = pick(tamperings, random)(pathOf(simulator.consent(sentAway.headers["location"]!)));
  const times = random() < 0.2 ? 2 : 1;
  const back = await Promise.all(Array.from({ length: times }, () => visitor.visit(callback)));
  if (back.some(({ status }) => status === 302)) await useAll(visitor, random);
  await visitor.submit("/auth/aircall/logout");
  await visitor.visit("/calls");
}

async function useAll(visitor: Visitor, random: Random): Promise<void> {
  for (const path of ["/account", "/calls", "/dial", "/search"]) await visitor.visit(path);
  if (random() < 0.3) await visitor.visit("/disconnect");
}

async function script({ simulator }: HostileUpstream, witness: Witness): Promise<void> {
  const client = createAircallClient({ apiUrl: simulator.url, oauthAccessToken: simulator.issueToken().access_token });
  witness.see("inspect(client)", inspect(client, { depth: 10, showHidden: true }));
  await client.users.dial(1, { to: phone }).catch(witness.failed);
  await client.company.get({ maxRetries: 0 }).catch(witness.failed);
  await client.close();
}

/** Secrets that were copied wrongly, in every place where one may stand. */
function mistype(witness: Witness, random: Random): Promise<void> {
  const broken = pick(
    [`${mark}\r\n`, ` ${mark} ${mark}`, [mark], { secret: mark }, `"${mark}`, `${mark};X=${mark}`],
    random,
  );
  const name = pick(["password", "oauthClientSecret", "oauthAccessToken", "oauthRefreshToken", "connection"], random);
  const settings = { user: "u", oauthClientId: "id", [name]: broken };
  const texts = [
    `Password=${mark} ${mark};User`,
    `User=u;Password="${mark}`,
    `${mark}`,
    `OAuthClientSecret=${mark}'=;=`,
  ];
  for (const attempt of [() => aircallAuth(settings), ...texts.map((text) => () => parseConnectionString(text))]) {
    try {
      attempt();
    } catch (error) {
      witness.failed(error);
    }
  }
  return Promise.resolve();
}

type Visitor = ReturnType<typeof createVisitor>;

/** A browser, all of whose answers are looked at. */
function createVisitor(app: Express, witness: Witness, tenant?: string) {
  const browser = createBrowser(app);
  browser.agent.set("Host", new URL(origin).host);
  if (tenant !== undefined) browser.agent.set("X-Tenant", tenant);

  async function look(asked: PromiseLike<{ status: number; text: string; headers: Record<string, string> }>) {
    const answer = await asked;
    const { "set-cookie": cookies, ...headers } = answer.headers;
    const ours = [cookies].flat().filter((cookie) => !cookie?.startsWith("connect.sid="));
    witness.see("answer", JSON.stringify([answer.status, headers, ours, answer.text]));
    return answer;
  }

  return {
    visit: (path: string) => look(browser.visit(path)),
    submit: (path: string) => look(browser.submit(path)),
  };
}

function verifierIn(tokenRequest: string): string[] {
  const { code_verifier: verifier } = JSON.parse(tokenRequest) as { code_verifier?: string };
  return verifier === undefined ? [] : [verifier];
}

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): Random {
  let state = seed;
  return function random() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function hex(random: Random): string {
  return Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join("");
}
