import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryStore } from "express-session";
import { migrateGrants, redisGrants, sessionGrants, type GrantStore } from "express-aircall";
import { migration } from "../../src/grants/stores/postgres/migration";
import { appKey } from "../../src/grants/session-grants";
import { buildIfStale } from "../support/build";
import { newGrant } from "../support/grants";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";

const root = join(__dirname, "../..");
const app = appKey("client-a");
const aDayMs = 86_400_000;
const ofCompany = (id: number) => newGrant({ app: null, account: { id, name: null, user: null } });

describe("migrateGrants", () => {
  const start = async () => {
    const grants = sessionGrants(new MemoryStore());
    const ids = await Promise.all([7, 7, 8, 9].map((company) => grants.create(ofCompany(company), aDayMs)));
    return { grants, ids };
  };
  const seen = (grants: GrantStore) => Promise.all([7, 8, 9].map(async (id) => (await grants.idsOf(app, id)).length));

  it("gives an app the grants of the companies that are named, and of no others", async () => {
    const { grants, ids } = await start();
    expect(await seen(grants)).toEqual([0, 0, 0]);
    expect(await migrateGrants(grants, { clientId: "client-a", companyIds: [7, "8"] })).toEqual({
      moved: 3,
      unread: 0,
    });
    expect(await seen(grants)).toEqual([2, 1, 0]);
    expect((await grants.get(ids[3]!))?.app).toBeNull();
  });

  it("changes nothing more when it is run twice, or at once", async () => {
    const { grants } = await start();
    const wish = { clientId: "client-a", companyIds: [7, 8, 9] };
    await Promise.all([migrateGrants(grants, wish), migrateGrants(grants, wish)]);
    expect(await migrateGrants(grants, wish)).toEqual({ moved: 0, unread: 0 });
    expect(await seen(grants)).toEqual([2, 1, 1]);
  });

  it("takes no grant that another app has", async () => {
    const { grants, ids } = await start();
    await migrateGrants(grants, { clientId: "client-a", companyIds: [7] });
    expect(await migrateGrants(grants, { clientId: "client-b", companyIds: [7] })).toEqual({ moved: 0, unread: 0 });
    expect((await grants.get(ids[0]!))?.app).toBe(app);
  });

  it("goes on where it broke off", async () => {
    const { grants } = await start();
    const broken: GrantStore = { ...grants, prolong: () => Promise.reject(new Error("READONLY")) };
    await expect(migrateGrants(broken, { clientId: "client-a", companyIds: [7] })).rejects.toThrow();
    await migrateGrants(grants, { clientId: "client-a", companyIds: [7] });
    expect(await seen(grants)).toEqual([2, 0, 0]);
  });
});

describeWith("redis-server", "npx express-aircall grants migrate", () => {
  let redis: RedisGrants;
  beforeAll(async () => {
    await buildIfStale("library");
    redis = await startRedisGrants();
  }, 240_000);
  afterEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  const whole = () => ["grants", "migrate", "--client-id", "client-a", "--redis", redis.server.url];

  it("gives an app its companies' grants, however often", async () => {
    const grants = redisGrants(redis.inside);
    await Promise.all([7, 7, 8].map((company) => grants.create(ofCompany(company), aDayMs)));
    await grants.create({ ...ofCompany(9), app: appKey("client-b") }, aDayMs);

    expect(await run(whole())).toMatchObject({
      code: 0,
      stdout: "3 grants belong to this app now that did not before.\n",
    });
    const again = await run([...whole(), "--json"]);
    expect(JSON.parse(again.stdout)).toEqual({ moved: 0, unread: 0 });
    expect([(await grants.idsOf(app, 7)).length, (await grants.idsOf(app, 8)).length]).toEqual([2, 1]);
    expect(await grants.idsOf(app, 9)).toEqual([]);
  });

  it.each(["shop:", "a[b]*:"])("finds those under the prefix %s, and leaves others alone", async (prefix) => {
    const [grants, others] = [redisGrants(redis.inside, { prefix }), redisGrants(redis.inside)];
    await grants.create(ofCompany(7), aDayMs);
    await others.create(ofCompany(8), aDayMs);
    expect((await run([...whole(), "--prefix", prefix])).stdout).toMatch(/^1 grant belongs/);
    expect(await others.idsOf(app, 8)).toEqual([]);
  });

  it("reads sealed grants with the keys of the environment, and says what it cannot read", async () => {
    const key = "a key of thirty-two characters or so";
    const grants = redisGrants(redis.inside, { encryptionKeys: [key] });
    const id = await grants.create(ofCompany(7), aDayMs);
    expect((await run(whole())).stdout).toMatch(/1 could not be read.*AIRCALL_ENCRYPTION_KEYS/);
    expect((await run(whole(), { env: { AIRCALL_ENCRYPTION_KEYS: key } })).stdout).toMatch(/^1 grant belongs/);
    expect((await grants.get(id))?.app).toBe(app);
  });

  it.each([
    [["grants"], /^Say what to do: express-aircall grants migrate, or grants migration\. Try/],
    [["grants", "migrat"], /^There is no grants migrat\. Did you mean grants migrate\? Try/],
    [["grants", "migrate"], /^Say whose the grants are: --client-id\./],
    [["grants", "migrate", "--client-id", "a"], /^Say where the grants are: --redis redis:\/\/host:port\./],
    [["grants", "migrate", "--clientid", "a"], /^Unknown option '--clientid'\. Try/],
  ])("answers %j with one sentence and 2", async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it("says that Redis cannot be reached, and shows no password", async () => {
    const args = ["grants", "migrate", "--client-id", "a", "--redis", "redis://:hidden@127.0.0.1:1"];
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([1, "Redis cannot be used (ECONNREFUSED): look at the address in --redis.\n"]);
  });

  it("says how to install the package it needs", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "express-aircall-"));
    const { code, stderr } = await run(whole(), { cwd: elsewhere });
    await rm(elsewhere, { recursive: true });
    expect([code, stderr]).toEqual([1, expect.stringContaining("npm install --no-save redis")]);
  });
});

describe("npx express-aircall grants migration", () => {
  beforeAll(() => buildIfStale("library"), 240_000);

  it("prints the SQL that makes the tables, and nothing else", async () => {
    const { code, stdout } = await run(["grants", "migration"]);
    expect([code, stdout]).toEqual([0, migration()]);
  });

  it("makes them where it is told to", async () => {
    const { stdout } = await run(["grants", "migration", "--schema", "shop", "--prefix", "phone_"]);
    expect(stdout).toBe(migration({ schema: "shop", prefix: "phone_" }));
    expect(stdout).toContain('CREATE TABLE IF NOT EXISTS "shop"."phone_grants" (');
  });

  it("shows its help", async () => {
    expect((await run(["grants", "migration", "--help"])).stdout).toMatch(/^Usage: express-aircall grants migration/);
    expect((await run(["grants", "--help"])).stdout).toContain("express-aircall grants migration --help");
  });

  it.each([
    [["--schema", "a;b"], /schema \}\) must be letters/],
    [["--shcema", "a"], /^Unknown option '--shcema'\. Try/],
    [["now"], /^It takes no now\. Try/],
  ])("answers %j with one sentence and 2", async (args, sentence) => {
    const { code, stderr } = await run(["grants", "migration", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it("tells programs the same", async () => {
    const { stdout } = await run(["grants", "migration", "--json"]);
    expect(JSON.parse(stdout)).toEqual({ sql: migration() });
  });
});

function run(args: string[], { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd, env: { PATH: process.env["PATH"], ...env } };
    execFile(process.execPath, [join(root, "dist/cli/bin.js"), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
