import {
  aircallAuth,
  memoryGrants,
  postgresGrants,
  type AircallAuth,
  type CompaniesProgress,
  type ConnectedCompany,
} from "express-aircall";
import type { GrantStore } from "../../src/grants/store";
import { appKey } from "../../src/grants/session-grants";
import { createClock, newGrant } from "../support/grants";
import { startPostgres } from "../support/postgres/postgres";
import { startRedisGrants } from "../support/redis/redis-grants";
import { describeWith } from "../support/programs";
import { startSimulator } from "../support/servers/simulated";

const settings = { oauthClientId: "a-client", oauthClientSecret: "a secret", initiateOAuth: "REFRESH" } as const;
const app = appKey("a-client");
const lifeMs = 60_000;
const open: AircallAuth[] = [];
afterEach(() => Promise.all(open.splice(0).map((auth) => auth.close())));

function start(grants: GrantStore, apiUrl = "http://127.0.0.1:9"): AircallAuth {
  const auth = aircallAuth({ ...settings, apiUrl, grants, hold: "company" });
  open.push(auth);
  return auth;
}

async function connect(grants: GrantStore, count: number, changes: Parameters<typeof newGrant>[0] = {}): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  await Promise.all(
    ids.map((id) =>
      grants.create(newGrant({ app, account: { id, name: `Company ${id}`, user: null }, ...changes }), lifeMs),
    ),
  );
}

describe("companies()", () => {
  it("says of each company who connected it, since when, by what, and whether it works", async () => {
    const grants = memoryGrants();
    const [connectedAt, refusedAt] = [new Date(1_700_000_000_000), new Date(1_760_000_000_000)];
    const user = { id: 1, name: "Ada", email: null };
    const account = { id: 8, name: "Acme", user };
    await grants.create(newGrant({ app, account, connectedAt, state: "suspended", refusedAt }), lifeMs);
    await grants.create(newGrant({ app, account, state: "ended" }), lifeMs);

    const found = [];
    for await (const company of start(grants).companies()) found.push(company);
    const whose = { companyId: 8, companyRef: null, name: "Acme", scheme: "OAuth", connectedBy: user };
    expect(found).toEqual([{ ...whose, state: "suspended", refusedAt, connectedAt }]);
    expect(JSON.stringify(found)).not.toContain("access-");
  });

  it("needs to be told where grants are kept, whichever request came first", async () => {
    const auth = aircallAuth(settings);
    open.push(auth);
    expect(() => auth.companies()).toThrow(/companies\(\) needs to know where grants are kept: aircallAuth\(\{ grants/);
    await expect(auth.forEachCompany(() => undefined)).rejects.toThrow(/forEachCompany\(\) needs to know/);
    const own = aircallAuth({ user: "an-id", password: "a-token" });
    open.push(own);
    expect(() => own.companies()).toThrow(/is one company's/);
  });

  it("leaves nothing running where a walk is broken off", async () => {
    const grants = memoryGrants();
    await connect(grants, 250);
    let seen = 0;
    for await (const _company of start(grants).companies()) if (++seen === 3) break;
    expect(seen).toBe(3);
  });
});

type Refused = [work: (() => number) | undefined, options: unknown, message: RegExp];

describe("forEachCompany()", () => {
  it("works on every company once, and names those that failed or have ended", async () => {
    const grants = memoryGrants();
    await connect(grants, 230);
    await grants.create(newGrant({ app, account: { id: 999, name: "Gone", user: null }, state: "ended" }), lifeMs);
    const worked = new Map<number, number>();
    const seen: CompaniesProgress[] = [];
    let atOnce = 0;
    let most = 0;

    const result = await start(grants).forEachCompany(
      async ({ company }) => {
        most = Math.max(most, (atOnce += 1));
        await new Promise(setImmediate);
        atOnce -= 1;
        worked.set(company.companyId!, (worked.get(company.companyId!) ?? 0) + 1);
        if (company.companyId === 7) throw new Error("one is broken");
      },
      { concurrency: 8, onProgress: (progress) => seen.push(progress) },
    );

    expect(worked.size).toBe(230);
    expect(new Set(worked.values())).toEqual(new Set([1]));
    expect(most).toBe(8);
    expect(result).toMatchObject({
      done: 229,
      failed: [{ company: { companyId: 7 }, error: { message: "one is broken" } }],
    });
    expect(result.skipped).toMatchObject([{ companyId: 999, state: "ended" }]);
    expect(seen).toHaveLength(231);
    expect(seen.at(-1)).toEqual({ done: 229, failed: 1, skipped: 1 });
  });

  it("hands over a client of that company, which goes behind those that somebody waits for", async () => {
    const simulator = await startSimulator();
    const grants = memoryGrants();
    const [{ apiId, apiToken, name }] = simulator.companies;
    const auth = aircallAuth({ authScheme: "Basic", apiUrl: simulator.basic.apiUrl, grants, hold: "company" });
    open.push(auth);
    await auth.connectKey({ ref: "acme" }, { user: apiId, password: apiToken });

    const names: string[] = [];
    await auth.forEachCompany(async ({ client }) => void names.push((await client.company.get()).name));
    expect(names).toEqual([name]);
  });

  it("begins no company once it is aborted, and ends what it began", async () => {
    const grants = memoryGrants();
    await connect(grants, 50);
    const controller = new AbortController();
    let [begun, ended] = [0, 0];
    const run = start(grants).forEachCompany(
      async () => {
        if ((begun += 1) === 10) controller.abort(new Error("enough"));
        await new Promise(setImmediate);
        ended += 1;
      },
      { concurrency: 3, signal: controller.signal },
    );

    await expect(run).rejects.toThrow("enough");
    expect([begun, ended]).toEqual([10, 10]);
  });

  it("begins nothing where it was aborted before, and leaves a shared run as it was", async () => {
    const clock = createClock();
    const grants = memoryGrants({ now: clock.now });
    await connect(grants, 5);
    const [before, amid] = [AbortSignal.abort(new Error("before")), new AbortController()];
    const claiming: GrantStore = {
      ...grants,
      async claim(...asked) {
        amid.abort(new Error("amid"));
        return grants.claim(...asked);
      },
    };
    const begun: unknown[] = [];
    const work = ({ company }: { company: unknown }) => void begun.push(company);
    await expect(start(grants).forEachCompany(work, { signal: before, run: "one" })).rejects.toThrow("before");
    await expect(start(claiming).forEachCompany(work, { signal: amid.signal, run: "one" })).rejects.toThrow("amid");
    expect(begun).toEqual([]);
    clock.pass(1);
    expect((await start(grants).forEachCompany(work, { run: "one" })).done).toBe(5);
  });

  it.each<[string, () => void | Promise<void>]>([
    ["throws", () => fail()],
    ["rejects", () => Promise.resolve().then(fail)],
  ])("begins no company once onProgress %s, and ends with its error", async (_how, failOnce) => {
    const grants = memoryGrants();
    await connect(grants, 50);
    let [begun, ended, told] = [0, 0, 0];
    const work = async () => {
      begun += 1;
      await new Promise(setImmediate);
      ended += 1;
    };
    const onProgress = () => ((told += 1) === 1 ? failOnce() : undefined);
    await expect(start(grants).forEachCompany(work, { concurrency: 3, onProgress })).rejects.toThrow("the app's own");
    expect([begun, ended]).toEqual([3, 3]);
  });

  it("waits for onProgress before it begins the next", async () => {
    const grants = memoryGrants();
    await connect(grants, 3);
    const seen: string[] = [];
    await start(grants).forEachCompany(({ company }) => void seen.push(`work ${company.companyId}`), {
      concurrency: 1,
      async onProgress({ done }) {
        await new Promise(setImmediate);
        seen.push(`told ${done}`);
      },
    });
    expect(seen).toEqual([1, 2, 3].flatMap((n) => [`work ${n}`, `told ${n}`]));
  });

  it.each<Refused>([
    [undefined, {}, /takes a function/],
    ...[0, -1, NaN, 1.5, Infinity, 1_001, "4", null].map((concurrency): Refused => [
      () => 0,
      { concurrency },
      /a whole number from 1 to 1000/,
    ]),
    [() => 0, { concurency: 2 }, /concurrency/],
    ...["", 7, null, "x".repeat(201), "\ud800"].map((run): Refused => [() => 0, { run }, /run must be a text of 1/]),
    ...["abort", null, {}, { aborted: false }].map((signal): Refused => [() => 0, { signal }, /an AbortSignal/]),
    ...["x", {}, null].map((onProgress): Refused => [() => 0, { onProgress }, /onProgress must be a function/]),
    [() => 0, null, /takes an object of options/],
  ])("refuses what cannot be meant, and begins nothing: %s %j", async (work, options, message) => {
    const grants = memoryGrants();
    await connect(grants, 1);
    const begun = work && jest.fn(work);
    await expect(start(grants).forEachCompany(begun as never, options as never)).rejects.toThrow(message);
    if (begun) expect(begun).not.toHaveBeenCalled();
  });

  it("goes on after a store's failure only with the next call, and says what failed", async () => {
    const grants = memoryGrants();
    await connect(grants, 3);
    const failing = { ...grants, companies: () => Promise.reject(new Error("store is gone")) };
    await expect(start(failing).forEachCompany(() => undefined)).rejects.toThrow("store is gone");
  });
});

function fail(): never {
  throw new Error("the app's own");
}

/** Three processes, each with a connection of its own, and a name that three of them can share. */
async function shareRuns(stores: readonly GrantStore[]): Promise<void> {
  await connect(stores[0]!, 120);
  const worked: number[] = [];
  const auths = stores.map((grants) => start(grants));
  const work = ({ company }: { company: ConnectedCompany }) => void worked.push(company.companyId!);

  const run = "report 1/\0 é";
  const results = await Promise.all(auths.map((auth) => auth.forEachCompany(work, { run, concurrency: 5 })));
  expect([...worked].sort((one, other) => one - other)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(results.reduce((sum, { done }) => sum + done, 0)).toBe(120);
  expect((await auths[0]!.forEachCompany(() => undefined, { run })).done).toBe(0);
  expect((await auths[0]!.forEachCompany(() => undefined, { run: "report 2" })).done).toBe(120);
}

describeWith("redis-server", "forEachCompany() over several processes with Redis", () => {
  it("works on each company in one of those that share a run", async () => {
    const redis = await startRedisGrants();
    await shareRuns(await Promise.all([1, 2, 3].map(() => redis.grants())));
    await redis.close();
  });
});

describeWith("postgres", "forEachCompany() over several processes with PostgreSQL", () => {
  it("works on each company in one of those that share a run", async () => {
    const postgres = await startPostgres();
    await shareRuns([1, 2, 3].map(() => postgresGrants(postgres.pool(), { migrate: true })));
    await Promise.all(open.splice(0).map((auth) => auth.close()));
    await postgres.close();
  });
});
