import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Express } from "express";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { aircallAuth, AircallStrategy, redisGrants, type GrantStore } from "express-aircall";
import { createPassport } from "../support/apps/passport";
import { describeWith } from "../support/programs";
import { startRedisServer, type RedisServer } from "../support/redis/redis-server";
import { useSignInApps, type Settings } from "../support/apps/sign-in-app";

const start = useSignInApps();
const errorsPage = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");

const doors: [door: string, wire: (app: Express, settings: Settings, grants: GrantStore) => void][] = [
  ["aircallAuth", (app, settings, grants) => app.use(aircallAuth({ ...settings, ...signingIn, grants }))],
  [
    "passport.authenticate",
    (app, settings, grants) => {
      const passport = createPassport(new AircallStrategy(settings));
      app.use(aircallAuth({ ...settings, initiateOAuth: "REFRESH", grants }), passport.session());
      app.get("/auth/aircall", passport.authenticate());
      app.get("/auth/aircall/callback", passport.authenticate({ successRedirect: "/" }));
    },
  ],
];
const signingIn = { initiateOAuth: "GETANDREFRESH" } as const;

/** All that grants and the count of requests need, and what node-redis says as it connects. */
const enough =
  "~aircall:* +hello +client +eval +time +exists +get +set +pttl +pexpire +del +zadd +zrem +zrange +pexpireat " +
  "+zrangebyscore +zrangebylex +zremrangebyscore +incrby";

describeWith("redis-server", "signing in with a Redis that allows less than everything", () => {
  let server: RedisServer;
  const clients: { destroy(): void }[] = [];

  async function connect(user?: { username: string; password: string }) {
    const client = createClient({ url: server.url, ...user });
    client.on("error", () => undefined);
    clients.push(client);
    return client.connect();
  }

  /** A client that may do as these rules of `ACL SETUSER` say. */
  async function restrictedTo(rights: string) {
    const admin = await connect();
    await admin.sendCommand(["ACL", "SETUSER", "app", "reset", "on", ">pw", ...rights.split(" ")]);
    return connect({ username: "app", password: "pw" });
  }

  beforeAll(async () => (server = await startRedisServer()));
  afterEach(() => clients.splice(0).forEach((client) => client.destroy()));
  afterAll(() => server.close());

  const everyKeyBut = (kept: string) =>
    [
      "{*}:grant",
      "{*}:link:*",
      "{*}:claim",
      "{*}:outcome",
      "{*}:lock",
      "{company:*}:grants",
      "{company:*}:budget",
      "{company:*}:limit",
      "{records:*",
    ]
      .filter((pattern) => !pattern.includes(kept))
      .map((pattern) => `~aircall:${pattern}`)
      .join(" ");

  const tooFew: [what: string, rights: string, named: string][] = [
    ["no scripts", "~aircall:* +@all -@scripting", "the command EVAL "],
    ["other commands only", "~aircall:* +@connection +@read", "the command EVAL "],
    ["no keys of ours", "~sess:* +@all", '"aircall:"'],
    ["no keys at all", "+@all", '"aircall:"'],
    ["reading only", "%R~aircall:* +@all", '"aircall:"'],
    ["no SET", "~* +@all -set", "the command SET "],
    ["no TIME", "~* +@all -time", "the command TIME "],
    ["nothing that ends a key", "~* +@all -pexpire", "the command PEXPIRE "],
    ["nothing that counts", "~* +@all -incrby", "the command INCRBY "],
    ["no sorted sets", "~* +@all -@sortedset", "the command Z"],
    ...["}:grant", "link", "claim", "outcome", "lock", ":grants", ":budget", ":limit", "records"].map(
      (kind) => [`no keys of the kind ${kind}`, `${everyKeyBut(kind)} +@all`, '"aircall:"'] as [string, string, string],
    ),
  ];

  describe.each(doors)("by %s", (_door, wire) => {
    it.each(tooFew)("sends nobody away with %s, and names it", async (_what, rights, named) => {
      const client = await restrictedTo(rights);
      const app = await start((express, settings) => wire(express, settings, redisGrants(client)));
      const { status, location, text } = await app.visitor().visit("/auth/aircall");
      expect([status, location]).toEqual([500, ""]);
      const { code, message } = JSON.parse(text) as Record<"code" | "message", string>;
      expect([code, message]).toEqual(["config_invalid", expect.stringContaining(named)]);
      expect(linesOf(message)).toHaveLength(1);
    });

    it("signs in with no more than grants need, asks for it once, and leaves nothing of that", async () => {
      const client = await restrictedTo(enough);
      const app = await start((express, settings) => wire(express, settings, redisGrants(client)));
      const admin = await connect();
      await admin.flushAll();
      await app.visitor().visit("/auth/aircall");
      expect(await admin.keys("*")).toEqual([]);
      await admin.configResetStat();
      const visitor = app.visitor();
      const callback = await app.consent(visitor);
      expect(await admin.info("commandstats")).not.toContain("cmdstat_eval:");
      expect((await visitor.visit(callback)).status).toBe(302);
    });
  });

  it("asks again once the rights were given", async () => {
    const client = await restrictedTo("~sess:* +@all");
    const app = await start((express, settings) => doors[0]![1](express, settings, redisGrants(client)));
    expect((await app.visitor().visit("/auth/aircall")).status).toBe(500);
    await restrictedTo(enough);
    expect((await app.signIn(app.visitor())).status).toBe(302);
  });

  it("is found by ioredis too, under a prefix of the app's own", async () => {
    await restrictedTo("~aircall:* +@all");
    const client = new Redis(server.port, "127.0.0.1", { username: "app", password: "pw" });
    clients.push({ destroy: () => client.disconnect() });
    const grants = redisGrants(client, { prefix: "shop:" });
    await expect(grants.check!()).rejects.toThrow('"shop:"');
  });

  it("is no setting's fault where Redis fails otherwise", async () => {
    const client = await restrictedTo(enough);
    client.destroy();
    await expect(redisGrants(client).check!()).rejects.toMatchObject({ code: "store_failed" });
    clients.splice(clients.indexOf(client), 1);
  });
});

describeWith("redis-server", "a Redis whose EVAL was renamed", () => {
  it("is named before anybody is sent away", async () => {
    const server = await startRedisServer({ settings: ["--rename-command", "EVAL", "run"] });
    const client = await createClient({ url: server.url }).connect();
    await expect(redisGrants(client).check!()).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("the command EVAL ") as string,
    });
    client.destroy();
    await server.close();
  });
});

/** The lines of the errors page that quote this message, up to a part that varies. */
function linesOf(message: string): string[] {
  const quotes = errorsPage.split("\n").map((line) => /^\| `([^`]+)`/.exec(line)?.[1]?.split("…")[0] ?? "");
  return quotes.filter((quote) => quote !== "" && message.startsWith(quote));
}
