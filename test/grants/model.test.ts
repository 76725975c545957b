import session = require("express-session");
import fc from "fast-check";
import { memoryGrants } from "../../src/grants/stores/memory";
import { postgresGrants } from "../../src/grants/stores/postgres/postgres";
import { createRenewals } from "../../src/grants/renewal/renew";
import { redisGrants } from "../../src/grants/stores/redis/redis";
import { sessionGrants } from "../../src/grants/stores/session";
import type { GrantStore } from "../../src/grants/store";
import { createClock, newGrant } from "../support/grants";
import { mortal } from "../support/mortal";
import { startPostgres, type PostgresDatabase } from "../support/postgres/postgres";
import { describeWith } from "../support/programs";
import { rounds } from "../support/promised";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { letRedisTimePass } from "../support/redis/redis-time";
import { createRotatingServer } from "../support/servers/rotating-server";

const lifeMs = 86_400_000;

interface Opened {
  readonly store: GrantStore;
  readonly stop?: () => unknown;
}

/** What the processes of a run have in common. */
interface World {
  readonly processes: number;
  /** The grants as a process that starts now sees them; `stop` ends whatever it has under way there. */
  open(): Opened | Promise<Opened>;
  /** What a killed process held comes free. */
  free?(): Promise<unknown>;
  /** Grants are gone with their process. */
  readonly forgets?: true;
}

const step = fc.record({
  kind: fc.constantFrom("signIn", "renew", "renew", "renew", "write", "write", "logout", "kill"),
  grant: fc.nat(2),
  process: fc.nat(1),
  after: fc.nat(12),
});
const plan = fc.record({ steps: fc.array(step, { maxLength: 14 }), forgivesOnce: fc.boolean() });
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

/** All steps at once, each after some turns of the event loop; then what is left is compared with what should be. */
async function play(world: World, { steps, forgivesOnce }: Plan): Promise<void> {
  const server = createRotatingServer({ forgivesOnce, delay: () => turns(3) });
  const processes = await Promise.all(Array.from({ length: world.processes }, start));
  const people: { name: string; id: string; loggedOut: "no" | "perhaps" | "yes" }[] = [];
  let kills = 0;

  async function start() {
    const { store: opened, stop } = await world.open();
    const one = mortal(opened);
    const { store } = one;
    const probe = () => Promise.resolve("unknown" as const);
    const renewals = createRenewals({ store, endpoint: server.endpoint, probe, now: createClock().now });
    return { ...one, renewals, kill: () => (one.die(), stop?.()) };
  }

  async function signIn({ store }: { store: GrantStore }, name: string): Promise<void> {
    const tokens = { accessToken: `access ${name}.0`, refreshToken: `${name}.0`, obtainedAt: new Date(0) };
    people.push({ name, id: await store.create(newGrant(tokens), lifeMs), loggedOut: "no" });
  }

  async function take({ kind, grant, process, after }: Plan["steps"][number], index: number): Promise<void> {
    await turns(after);
    const at = process % processes.length;
    const [one, person] = [processes[at]!, people[grant]!];
    if (kind === "signIn") await one.whileAlive(signIn(one, `new${index}`));
    if (kind === "logout") await one.whileAlive(logOut(one.store, person));
    if (kind === "renew" || kind === "write") await one.whileAlive(use(one, person, kind));
    if (kind !== "kill") return;
    kills += 1;
    await one.kill();
    await world.free?.();
    if (world.forgets) for (const each of people) each.loggedOut = "yes";
    processes[at] = await start();
  }

  async function logOut(store: GrantStore, person: (typeof people)[number]): Promise<void> {
    if (person.loggedOut === "no") person.loggedOut = "perhaps";
    await store.delete(person.id);
    person.loggedOut = "yes";
  }

  async function use(
    { store, renewals }: Awaited<ReturnType<typeof start>>,
    person: (typeof people)[number],
    kind: string,
  ) {
    const { id, loggedOut } = person;
    const stored = await store.get(id);
    if (loggedOut === "yes") expect(stored).toBeNull();
    if (stored && kind === "write") await store.replace(id, stored.version, stored);
    if (stored && kind === "renew") await renewals.renew(id, stored);
  }

  for (const name of ["ada", "bob", "cleo"]) await signIn(processes[0]!, name);
  await Promise.all(steps.map(take));
  const { store, renewals } = processes[0]!;
  if (kills === 0) expect(server.counts.mostInFlight).toBeLessThanOrEqual(1);

  const there: string[] = [];
  for (const { id, name, loggedOut } of people) {
    const stored = await store.get(id);
    if (loggedOut === "yes") expect(stored).toBeNull();
    if (loggedOut === "no") expect(stored).not.toBeNull();
    if (!stored) continue;
    there.push(id);
    if (kills === 0) expect(stored).toMatchObject({ refreshToken: server.currentOf(name), state: "active" });
    if (kills > 0 && !forgivesOnce) continue;
    const renewed = await renewals.renew(id, stored);
    expect(renewed).toMatchObject({ refreshToken: server.currentOf(name), state: "active" });
  }
  if (kills === 0) expect((await store.idsOf(null, 7)).sort()).toEqual(there.sort());
}

describe("grants, with sign-ins, renewals, writes, logouts and kills in any order", () => {
  it("are in memory what they should be", async () => {
    const world = (): World => ({ processes: 1, forgets: true, open: () => ({ store: memoryGrants() }) });

    await fc.assert(
      fc.asyncProperty(plan, (plan) => play(world(), plan)),
      { numRuns: rounds(300, 1_000) },
    );
  });

  it("are in the session store what they should be", async () => {
    function world(): World {
      const sessions = new session.MemoryStore();
      return { processes: 1, open: () => openSessions(sessions) };
    }

    await fc.assert(
      fc.asyncProperty(plan, (plan) => play(world(), plan)),
      { numRuns: rounds(300, 1_000) },
    );
  });
});

describeWith("redis-server", "grants in Redis, with sign-ins, renewals, writes, logouts and kills in any order", () => {
  let redis: RedisGrants;

  beforeAll(async () => (redis = await startRedisGrants()));
  afterAll(() => redis.close());

  it("are what they should be for two processes", async () => {
    const lockMs = 30_000;
    const world: World = {
      processes: 2,
      async open() {
        const client = await redis.connect();
        return { store: redisGrants(client), stop: () => client.isOpen && client.close() };
      },
      free: () => letRedisTimePass((script, ms) => redis.inside.eval(script, { arguments: [ms] }), lockMs),
    };

    await fc.assert(
      fc.asyncProperty(plan, (plan) => play(world, plan)).beforeEach(async () => void (await redis.inside.flushAll())),
      { numRuns: rounds(40, 100), interruptAfterTimeLimit: 85_000, markInterruptAsFailure: true, endOnFailure: true },
    );
  }, 90_000);
});

describeWith(
  "postgres",
  "grants in PostgreSQL, with sign-ins, renewals, writes, logouts and kills in any order",
  () => {
    let postgres: PostgresDatabase;

    beforeAll(async () => {
      postgres = await startPostgres();
      await postgresGrants(postgres.pool(), { migrate: true }).check!();
    });
    afterAll(() => postgres.close());

    it("are what they should be for two processes", async () => {
      const lockMs = 30_000;
      const world: World = {
        processes: 2,
        open() {
          const pool = postgres.pool({ max: 2, idleTimeoutMillis: 200 });
          return { store: postgresGrants(pool), stop: () => (pool.ending ? undefined : pool.end()) };
        },
        free: () => postgres.pass(lockMs),
      };

      await fc.assert(
        fc.asyncProperty(plan, (plan) => play(world, plan)).beforeEach(() => postgres.empty()),
        { numRuns: rounds(15, 60), interruptAfterTimeLimit: 85_000, markInterruptAsFailure: true, endOnFailure: true },
      );
    }, 90_000);
  },
);

/** The app's sessions as one process sees them, until it stops. */
function openSessions(sessions: session.MemoryStore): Opened {
  let running = true;
  const killed = new Error("killed");
  const seen = Object.create(sessions) as session.MemoryStore;
  seen.get = (id, done) => void (running ? sessions.get(id, done) : done(killed));
  seen.set = (id, document, done) => void (running ? sessions.set(id, document, done) : done?.(killed));
  seen.destroy = (id, done) => void (running ? sessions.destroy(id, done) : done?.(killed));
  return { store: sessionGrants(seen), stop: () => void (running = false) };
}

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise(setImmediate);
}
