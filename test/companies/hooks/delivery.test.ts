import session = require("express-session");
import { createRenewals } from "../../../src/grants/renewal/renew";
import type { GrantStore } from "../../../src/grants/store";
import { memoryGrants } from "../../../src/grants/stores/memory";
import { postgresGrants } from "../../../src/grants/stores/postgres/postgres";
import { sessionGrants } from "../../../src/grants/stores/session";
import { keepForCompany } from "../../../src/grants/ownership";
import { tellingAfter } from "../../../src/companies/hooks/turn";
import { createClock, newGrant as someGrant } from "../../support/grants";
import { mortal } from "../../support/mortal";
import { startPostgres } from "../../support/postgres/postgres";
import { describeWith } from "../../support/programs";
import { startRedisGrants } from "../../support/redis/redis-grants";
import { startProcess } from "./processes";

const lifeMs = 86_400_000;
const aMinuteMs = 60_000;
const app = "an-app-1";
const newGrant = (changes: Parameters<typeof someGrant>[0] = {}) => someGrant({ app, ...changes });
const secondOne = { connectedAt: new Date("2026-11-24T10:00:00Z") };

/** What is told of what becomes of grants, whichever store keeps them. */
function describeTelling(name: string, open: () => GrantStore | Promise<GrantStore>): void {
  describe(`what is told of companies in ${name}`, () => {
    let shared: GrantStore;

    beforeEach(async () => (shared = await open()));

    it("is each that connects, and each whose last grant is ended", async () => {
      const clock = createClock();
      const process = startProcess(shared, clock);
      const { store, told, events } = process;
      const first = await store.create(newGrant(), lifeMs);
      const second = await store.create(newGrant(secondOne), lifeMs);
      await process.settled();
      await store.delete(first);
      await process.settled();
      expect(told).toEqual(["connect 7 sign_in", "connect 7 sign_in"]);
      expect(events).toMatchObject([{ first: true }, { first: false, account: { id: 7, name: "Acme" } }]);

      await store.delete(second);
      await process.settled();
      expect(told.slice(2)).toEqual(["disconnect 7 disconnected"]);
      clock.pass(10 * aMinuteMs);
      await process.poll();
      expect(told).toHaveLength(3);
      expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    });

    it("is once what ends all at once", async () => {
      const process = startProcess(shared);
      const grants = [1, 2, 3, 4].map((n) => newGrant({ connectedAt: new Date(n) }));
      const ids = await Promise.all(grants.map((grant) => process.store.create(grant, lifeMs)));
      await process.settled();
      process.told.length = 0;
      await Promise.all(ids.map((id) => process.store.delete(id)));
      await process.settled();
      expect(process.told).toEqual(["disconnect 7 disconnected"]);
    });

    it("is the app's own name for a company, and that it came back with another key", async () => {
      const process = startProcess(shared);
      const key = { account: { id: null, name: null, user: null }, ref: "acme", apiId: "an-id" };
      const place = { company: { ref: "acme" } };
      await keepForCompany(process.store, newGrant(key), place);
      await keepForCompany(process.store, newGrant({ ...key, ...secondOne }), place);
      await process.settled();
      expect(process.told).toEqual(Array(2).fill('connect {"ref":"acme"} key'));
      expect(process.events).toMatchObject([{ first: true, companyRef: "acme" }, { first: false }]);
    });

    it("is nothing of another app's grants, nor of a write that was refused", async () => {
      const process = startProcess(shared);
      const { store, told } = process;
      const id = await store.create(newGrant({ app: "an-app-2" }), lifeMs);
      await store.delete(id);
      const own = await store.create(newGrant(), lifeMs);
      await process.settled();
      expect(await store.replace(own, 7, newGrant({ state: "ended" }))).toBe(false);
      expect(await store.replace(own, 1, newGrant({ accessToken: "renewed" }))).toBe(true);
      await process.settled();
      await process.poll();
      expect(told).toEqual(["connect 7 sign_in"]);
    });

    it("is found by another process, where one ended before it told it, and nothing that it did not do", async () => {
      const clock = createClock();
      const survivor = startProcess(shared, clock);
      const moments: [moment: string, method: "create" | "delete", later: boolean][] = [
        ["before it connected", "create", false],
        ["after it connected", "create", true],
        ["before it disconnected", "delete", false],
        ["after it disconnected", "delete", true],
      ];
      const found: Record<string, readonly string[]> = {};
      for (const [moment, method, later] of moments) {
        const ids = await shared.idsOf(app, 7);
        await Promise.all(ids.map((id) => shared.delete(id)));
        const id = method === "delete" ? await shared.create(newGrant(), lifeMs) : "";
        const { store: dying, die, whileAlive } = mortal(shared);
        const dieBefore = () => (die(), new Promise<never>(() => undefined));
        const victim = startProcess(later ? dying : { ...dying, [method]: dieBefore }, clock);
        victim.failures = Infinity;
        const act: Promise<unknown> =
          method === "create" ? victim.store.create(newGrant(), lifeMs) : victim.store.delete(id);
        if (later) {
          await act;
          die();
        } else await whileAlive(act);
        await survivor.poll();
        expect(survivor.told).toEqual([]);
        clock.pass(10 * 60 * aMinuteMs);
        await survivor.poll();
        found[moment] = survivor.told.splice(0);
      }
      expect(found).toEqual({
        "before it connected": [],
        "after it connected": ["connect 7 sign_in"],
        "before it disconnected": [],
        "after it disconnected": ["disconnect 7 disconnected"],
      });
    });

    it("is told by one of those who find it", async () => {
      const clock = createClock();
      const processes = [1, 2, 3, 4].map(() => startProcess(shared, clock));
      const [first] = processes;
      first!.failures = 1;
      await first!.store.create(newGrant(), lifeMs);
      await first!.settled();
      clock.pass(2 * aMinuteMs);
      await Promise.all(processes.map((process) => process.poll()));
      const told = processes.flatMap((process) => process.told);
      expect(told.sort()).toEqual(["connect 7 sign_in", "connect failed 1"]);
    });
  });
}

describeTelling("memory", () => memoryGrants());
describeTelling("the session store", () => sessionGrants(new session.MemoryStore()));

describeWith("redis-server", "with Redis", () => {
  let redis: Awaited<ReturnType<typeof startRedisGrants>>;
  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());
  describeTelling("Redis", async () => (await redis.inside.flushAll(), redis.grants()));
});

describeWith("postgres", "with PostgreSQL", () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgresGrants(postgres.pool(), { migrate: true }).check!();
  });
  afterAll(() => postgres.close());
  describeTelling("PostgreSQL", async () => (await postgres.empty(), postgresGrants(postgres.pool())));
});

describe("telling of companies", () => {
  const open = (options = {}) => {
    const clock = createClock();
    const shared = memoryGrants({ now: clock.now });
    return { clock, shared, process: startProcess(shared, { ...clock, ...options }) };
  };

  it("is tried eight times, each later than the one before, and then given up", async () => {
    const { clock, process } = open();
    process.failures = Infinity;
    await process.store.create(newGrant(), 100 * lifeMs);
    await process.settled();
    const waitedMinutes: number[] = [];
    for (let minutes = 0; process.told.length < 8; minutes += 1) {
      const before = process.told.length;
      clock.pass(aMinuteMs);
      await process.poll();
      if (process.told.length > before) waitedMinutes.push(minutes + 1 - waitedMinutes.reduce((a, b) => a + b, 0));
    }
    expect(waitedMinutes).toEqual([1, 2, 5, 15, 60, 180, 360]);
    expect(process.told).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `connect failed ${n}${n === 8 ? ", finally" : ""}`),
    );
    clock.pass(lifeMs);
    process.failures = 0;
    await process.poll();
    expect(process.told).toHaveLength(8);
  });

  it("does not end where those who tell it end each time", async () => {
    const { clock, shared } = open();
    for (let lives = 1; lives <= 8; lives += 1) {
      const { store, die, whileAlive } = mortal(shared);
      const victim = startProcess(store, clock);
      victim.failures = 1;
      const act = async () => (lives === 1 ? victim.store.create(newGrant(), 100 * lifeMs) : victim.poll());
      const told = victim.told.push.bind(victim.told);
      victim.told.push = (...words) => (die(), told(...words));
      await whileAlive(act());
      clock.pass(aMinuteMs);
    }
    const last = startProcess(shared, clock);
    await last.poll();
    expect(last.told).toEqual(["connect failed 9, finally"]);
  });

  it("says the same event again, with what the company is by then", async () => {
    const { clock, shared, process } = open();
    process.failures = 1;
    const id = await process.store.create(newGrant(), lifeMs);
    await process.settled();
    const named = newGrant({ account: { id: 7, name: "Acme & Co", user: null } });
    await shared.replace(id, 1, named);
    clock.pass(aMinuteMs);
    await process.poll();
    expect(process.events).toMatchObject([{ account: { name: "Acme & Co" }, first: true, req: null }]);
  });

  it("leaves out what is not so any more", async () => {
    const { clock, process } = open();
    process.failures = 2;
    const id = await process.store.create(newGrant(), lifeMs);
    await process.settled();
    await process.store.delete(id);
    await process.settled();
    await process.store.create(newGrant(secondOne), lifeMs);
    await process.settled();
    clock.pass(10 * aMinuteMs);
    await process.poll();
    expect(process.told.filter((what) => !what.includes("failed"))).toEqual(["connect 7 sign_in"]);
  });

  it("tells each listener by itself", async () => {
    const clock = createClock();
    const shared = memoryGrants({ now: clock.now });
    const one = startProcess(shared, clock);
    const other = startProcess(one.store, { ...clock, name: "webhooks" });
    one.failures = 1;
    await other.store.create(newGrant(), lifeMs);
    await Promise.all([one.settled(), other.settled()]);
    expect([one.told, other.told]).toEqual([["connect failed 1"], ["connect 7 sign_in"]]);
    clock.pass(aMinuteMs);
    await Promise.all([one.poll(), other.poll()]);
    expect([one.told.slice(1), other.told.slice(1)]).toEqual([["connect 7 sign_in"], []]);
  });

  it("says that Aircall refuses a company's token, and that it accepts it again, once each", async () => {
    const { clock, process } = open();
    let verdict: "accepted" | "refused" = "refused";
    const probe = () => Promise.resolve(verdict);
    const renewals = createRenewals({ store: process.store, endpoint: null, probe, now: clock.now });
    const id = await process.store.create(newGrant({ refreshToken: null, expiresAt: null }), lifeMs);
    const check = async () => {
      await renewals.check(id, (await process.store.get(id))!);
      await process.settled();
      clock.pass(aMinuteMs);
    };
    for (let minute = 0; minute < 4; minute += 1) await check();
    expect(process.told).toEqual(["connect 7 sign_in", "disconnect 7 suspended"]);
    verdict = "accepted";
    for (let minute = 0; minute < 2; minute += 1) await check();
    expect(process.told.slice(2)).toEqual(["connect 7 recovered"]);
    await renewals.close();
  });

  it("says nothing of the end of what was refused before: that was told", async () => {
    const { process } = open();
    const id = await process.store.create(newGrant({ state: "suspended", refusedAt: new Date() }), lifeMs);
    await process.store.delete(id);
    await process.settled();
    expect(process.told).toEqual([]);
  });

  it("waits for what came of the work, for five seconds, and then goes on without", async () => {
    const { process } = open();
    process.hangs = true;
    const req = { url: "/callback" } as never;
    let answered = false;
    jest.useFakeTimers({ doNotFake: ["setImmediate", "queueMicrotask", "nextTick"] });
    try {
      const work = () => process.store.create(newGrant(), lifeMs);
      const answer = tellingAfter(req, work).finally(() => (answered = true));
      await turns(20);
      expect(process.events).toMatchObject([{ req }]);
      await jest.advanceTimersByTimeAsync(4_999);
      expect(answered).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(await answer).toMatch(/^[\w-]{32}$/);
    } finally {
      jest.useRealTimers();
    }
  });
});

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise(setImmediate);
}
