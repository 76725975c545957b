import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresGrants, redisGrants, type GrantStore } from "express-aircall";
import { runCompanies } from "../../src/cli/store/companies";
import { runFailed } from "../../src/cli/store/failed";
import { runRetry } from "../../src/cli/store/retry";
import { migration } from "../../src/grants/stores/postgres/migration";
import { appKey } from "../../src/grants/session-grants";
import { createDeadLetters } from "../../src/webhooks/in-process/dead-letters";
import { buildIfStale } from "../support/build";
import { newGrant } from "../support/grants";
import { startPostgres } from "../support/postgres/postgres";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { typed } from "../support/typed";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
afterAll(() => rmSync(folder, { recursive: true }));

const app = appKey("client-a");
const aDayMs = 86_400_000;
const event = {
  id: "id:7/call.ended:1",
  name: "call.ended",
  kind: "webhook",
  resource: "call",
  companyId: 7,
  companyRef: null,
  sentAt: 1_790_000_000_000,
  receivedAt: 1_790_000_000_000,
  source: "webhook",
  data: { id: 1, raw_digits: "+33 1 76 36 06 95" },
} as const;

async function fill(grants: GrantStore) {
  await grants.create(newGrant({ app }), aDayMs);
  const suspended = { state: "suspended", refusedAt: new Date() } as const;
  await grants.create(newGrant({ app, account: { id: 8, name: "Bolt", user: null }, ...suspended }), aDayMs);
  await grants.create(newGrant({ app: appKey("client-b"), account: { id: 9, name: "Coil", user: null } }), aDayMs);
  const letters = createDeadLetters(grants.records(`failed-events:${app}`));
  await letters.note(event, { error: new Error("no CRM for +33176360695"), isFinal: () => true });
}

describeWith("redis-server", "npx express-aircall companies and failed, on Redis", () => {
  let redis: RedisGrants;
  let place: string[];
  beforeAll(async () => {
    redis = await startRedisGrants();
    place = ["--redis", redis.server.url, "--client-id", "client-a"];
  });
  afterEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  it("list who is connected to this app, and what failed, without tokens and numbers", async () => {
    await fill(redisGrants(redis.inside));
    const companies = await typed(runCompanies, place);
    const failed = await typed(runFailed, [...place, "--json"]);

    const lines = companies.said.split("\n");
    expect(lines[0]).toMatch(/^Id +Ref +Name +By +State +Since$/);
    expect(lines.slice(1).sort().join("\n")).toMatch(
      /^\n7 +- +Acme +OAuth +active +2026-11-23.*\n8 +- +Bolt +OAuth +suspended/,
    );
    expect([companies.code, failed.code]).toEqual([0, 1]);
    const [found] = (JSON.parse(failed.said) as { failed: unknown[] }).failed;
    expect(found).toMatchObject({ id: event.id, event: { name: "call.ended" }, attempts: 1 });
    expect(companies.said + failed.said).not.toMatch(/access-0|176360695|76 36/);
  });

  it("say so where there is none, and read the client id from the environment", async () => {
    await fill(redisGrants(redis.inside));
    const env = { AIRCALL_CLIENT_ID: "client-c" };
    expect((await typed(runCompanies, place.slice(0, 2), env)).said).toBe("No company is connected.\n");
    expect((await typed(runFailed, place.slice(0, 2), env)).said).toBe("No event has failed.\n");
  });

  it("open what is sealed with the keys of the environment", async () => {
    const key = "a key of thirty-two characters or so";
    await fill(redisGrants(redis.inside, { encryptionKeys: [key] }));
    const without = await typed(runCompanies, place);
    expect(without).toMatchObject({
      code: 1,
      complained: expect.stringContaining("AIRCALL_ENCRYPTION_KEYS") as string,
    });
    const { said } = await typed(runCompanies, [...place, "--json"], { AIRCALL_ENCRYPTION_KEYS: key });
    expect((JSON.parse(said) as { companies: unknown[] }).companies).toHaveLength(2);
  });

  it("use the app's own file, with its handlers, and end though it does not", async () => {
    await buildIfStale("library");
    await fill(redisGrants(redis.inside));
    const file = join(folder, "aircall.mjs");
    writeFileSync(file, moduleText(redis.server.url));
    const [companies, retried] = [
      await run(["companies", "--module", file]),
      await run(["retry", "--all", "--module", file]),
    ];

    expect(companies).toMatchObject({ code: 0, stdout: expect.stringMatching(/7 +- +Acme/) as string });
    expect(retried).toEqual({ code: 0, stdout: `${event.id}  handed on\n`, stderr: "handled call.ended replayed\n" });
    expect((await typed(runFailed, place)).said).toBe("No event has failed.\n");
  }, 240_000);
});

describeWith("postgres", "npx express-aircall companies and failed, on PostgreSQL", () => {
  it("list the same", async () => {
    const database = await startPostgres();
    const pool = database.pool();
    await pool.query(migration());
    await fill(postgresGrants(pool));
    const place = ["--postgres", database.url, "--client-id", "client-a"];
    const companies = await typed(runCompanies, [...place, "--json"]);
    const failed = await typed(runFailed, place);
    await database.close();

    const found = JSON.parse(companies.said) as { companies: { companyId: number }[] };
    expect(found.companies.map(({ companyId }) => companyId).sort()).toEqual([7, 8]);
    expect(failed.said).toMatch(/call\.ended +1 +\d{4}-.*Error: no CRM/);
  });
});

describe("npx express-aircall companies, failed and retry", () => {
  it.each([
    [runCompanies, [], /^Say where your app keeps them: --module/],
    [runCompanies, ["--redis", "localhost"], /^--redis takes an address/],
    [runFailed, ["--postgres", "localhost"], /^--postgres takes an address/],
    [runFailed, ["--redis", "redis://a", "--postgres", "postgres://a"], /^Choose one/],
    [runRetry, ["--all"], /^Say whose handlers/],
    [runRetry, ["--module", "a.js"], /^Say which: ids, or --all/],
    [runRetry, ["--al"], /^Unknown option '--al'/],
  ])("answer what cannot be done with a sentence and 2 (%#)", async (command, args, sentence) => {
    const { code, complained } = await typed(command, args);
    expect([code, complained]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it.each([
    ["--redis", "redis://:hidden@127.0.0.1:1", "Redis cannot be used (ECONNREFUSED): look at --redis.\n"],
    [
      "--postgres",
      "postgres://me:hidden@127.0.0.1:1/a",
      "PostgreSQL cannot be used (ECONNREFUSED): look at --postgres.\n",
    ],
  ])("say that %s %s cannot be reached, and show no password", async (option, url, complained) => {
    expect(await typed(runCompanies, [option, url])).toEqual({ code: 1, said: "", complained });
  });

  it("say what a file lacks", async () => {
    const file = join(folder, "empty.cjs");
    writeFileSync(file, "exports.auth = 1;");
    expect((await typed(runCompanies, ["--module", file])).complained).toContain("exports no auth");
    expect((await typed(runRetry, ["--module", file, "1"])).complained).toContain("exports no events");
    expect((await typed(runRetry, ["--module", "none.js", "1"])).complained).toMatch(
      /none\.js cannot be loaded: MODULE_/,
    );
  });

  it("retries by id, and says which failed again and which is not there", async () => {
    const file = join(folder, "failing.cjs");
    writeFileSync(
      file,
      `exports.events = {
        async *failed() {},
        async retry(id) { if (id === "a") throw new Error("again"); return id === "b"; },
      };`,
    );
    const { code, said } = await typed(runRetry, ["a", "b", "c", "--module", file]);
    expect([code, said]).toEqual([
      1,
      "a  failed again: Error: again\nb  handed on\nc  there is no such failed event\n",
    ]);
  });
});

/** What an app would export, its Redis left open. */
function moduleText(url: string): string {
  const library = JSON.stringify(join(root, "dist/index.js"));
  return `
    import { createRequire } from "node:module";
    const require = createRequire(${JSON.stringify(join(root, "package.json"))});
    const { aircallAuth, aircallWebhooks, redisGrants } = require(${library});
    const client = await require("redis").createClient({ url: ${JSON.stringify(url)} }).connect();
    const app = { oauthClientId: "client-a", oauthClientSecret: "secret", callbackUrl: "https://a.example/back" };
    export const auth = aircallAuth({ ...app, grants: redisGrants(client), hold: "company" });
    const ended = (event) => console.error("handled", event.name, event.source);
    export const events = aircallWebhooks({ auth, path: "/events", on: { "call.ended": ended } });
  `;
}

function run(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: process.env["PATH"] } };
    execFile(process.execPath, [join(root, "dist/cli/bin.js"), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
