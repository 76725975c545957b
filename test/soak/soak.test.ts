import { closedToSessions, comeBackTwice, failBeforeSave } from "./callbacks";
import { askWhoseItIs } from "./companies";
import { printFigures, type Figures } from "./figures";
import { askByKeyAndOAuth, endKeysInARace, failUnderKeys } from "./keys";
import { killInRenewal } from "./kill";
import { logOutInARace } from "./logout";
import { loseAnswers } from "./lost-answers";
import { startIndependentProvider, startSimulator } from "./provider";
import { openFault, postgresFaults, type PostgresFault } from "./postgres-faults";
import { failRedis, redisFaults, type RedisFault } from "./redis-faults";
import { refuseRenewals } from "./refusals";
import { renewTogether } from "./renewal";
import { restartRedis } from "./restarts";
import type { Stage } from "./stage";
import { stopInRenewal, writeLate } from "./stop";
import { renewWhileReadOnly } from "./unwritten";
import { promised } from "../support/promised";

/** `npm run soak` tries everything as often as the issue says; elsewhere a little of it. */
const full = process.env["SOAK"] === "1";
const rows: Record<string, Figures> = {};

jest.setTimeout(full ? 3_600_000 : 60_000);
afterAll(() => printFigures(rows));

/** The row that will be printed, and whether anything went wrong that nobody handled. */
async function play(scenario: string, played: Promise<Figures>): Promise<Figures> {
  const figures = (rows[scenario] = await played);
  expect(figures.trouble).toEqual([]);
  return figures;
}

describe("renewal, every process at once", () => {
  const counts = full ? { requests: 50, expiries: 200 } : { requests: 20, expiries: 5 };
  const everybodyServed = { lost: 0, renewalsPerExpiry: 1, mostInFlight: 1 };

  it.each(["redis", "postgres"] as const)(
    "spends each refresh token once over four processes with %s",
    async (grants) => {
      const provider = await startSimulator({});
      const played = renewTogether({ provider, grants, processes: 4, ...counts });
      expect(await play(`R1 ${grants}`, played)).toMatchObject(everybodyServed);
    },
  );

  it("spends each refresh token once while others write the session", async () => {
    const provider = await startSimulator({});
    const played = renewTogether({ provider, processes: 4, writers: 3, ...counts });
    expect(await play("R2 Redis, writers", played)).toMatchObject(everybodyServed);
  });

  it.each(["memory", "session"] as const)("spends each refresh token once with grants in %s", async (grants) => {
    const provider = await startSimulator({});
    const played = renewTogether({ provider, grants, processes: 1, writers: 3, ...counts });
    expect(await play(`R1 ${grants}`, played)).toMatchObject(everybodyServed);
  });

  it("spends each refresh token once at a server that is not ours", async () => {
    const provider = await startIndependentProvider();
    const played = renewTogether({ provider, processes: 2, writers: 3, ...counts });
    expect(await play("R1 oidc-provider", played)).toMatchObject(everybodyServed);
  });
});

describe("processes that die or stall amid renewals", () => {
  const kills = full ? { rounds: 10, renewals: 50 } : { rounds: 1, renewals: 15 };

  const stores = full ? (["redis", "postgres"] as const) : (["redis"] as const);

  it.each(stores)(
    "leaves every grant in %s usable when a process is killed, at a server that forgives",
    async (grants) => {
      const provider = await startSimulator({ reuseDetection: "tolerant" });
      const played = killInRenewal({ provider, grants, ...kills, wholeLockLife: full });
      const { lost, also } = await play(`R7 ${grants}, tolerant`, played);
      expect({ lost, stuck: also["stuck"] }).toEqual({ lost: 0, stuck: 0 });
    },
  );

  it.each(stores)(
    "loses only what was caught between commit and write with grants in %s, at a server that does not",
    async (grants) => {
      const provider = await startSimulator({ reuseDetection: "strict" });
      const played = killInRenewal({ provider, grants, ...kills, wholeLockLife: full });
      const { also } = await play(`R7 ${grants}, strict`, played);
      expect(also).toMatchObject({ "lost without that": 0, stuck: 0 });
    },
  );

  it("serves everybody when a process is stopped for three seconds", async () => {
    const provider = await startSimulator({ reuseDetection: "strict" });
    const counts = full ? { rounds: 40, grants: 25 } : { rounds: 1, grants: 15 };
    const figures = await play("R4 stopped", stopInRenewal({ provider, ...counts }));
    expect(figures).toMatchObject({ lost: 0, renewalsPerExpiry: 1, mostInFlight: 1 });
  });

  it.each(full ? [3_000, 40_000] : [2_000])(
    "refuses what a process writes after its lock was passed on (%i ms)",
    async (stopMs) => {
      const provider = await startSimulator({ reuseDetection: "tolerant" });
      const counts = { grants: full ? 25 : 15, stopMs };
      expect(await play(`R4 late, ${stopMs} ms`, writeLate({ provider, ...counts }))).toMatchObject({ lost: 0 });
    },
  );
});

describe("answers lost after the server's commit", () => {
  const counts = full ? { grants: 100, expiriesEach: 10 } : { grants: 15, expiriesEach: 1 };

  it("keeps every grant at a server that forgives", async () => {
    const provider = await startSimulator({ reuseDetection: "tolerant" });
    const { lost, also } = await play("R6 tolerant", loseAnswers({ provider, ...counts }));
    expect({ lost, again: also["sent more than once again"] }).toEqual({ lost: 0, again: 0 });
    expect(also["soonest sent again ms"]).toBeGreaterThan(4_500);
  });

  it("ends in one clean sign-in at a server that does not", async () => {
    const provider = await startSimulator({ reuseDetection: "strict" });
    const { lost, also } = await play("R6 strict", loseAnswers({ provider, ...counts }));
    expect(lost).toBe(also["answers lost"]);
    expect(also).toMatchObject({ "sent more than once again": 0, "sent for the dead": 0 });
  });
});

describe("logout amid requests, session writers and renewals", () => {
  it.each([
    ["memory", 1, "permanent"],
    ["memory", 1, "rotating"],
    ["session", 1, "permanent"],
    ["session", 1, "rotating"],
    ["redis", 4, "permanent"],
    ["redis", 4, "rotating"],
    ["postgres", 4, "rotating"],
    ...(full ? ([["postgres", 4, "permanent"]] as const) : []),
  ] as const)("stays logged out with grants in %s, %i processes, %s tokens", async (grants, processes, tokens) => {
    const provider = await startSimulator({ tokens });
    const counts = { grants, processes, logouts: full ? 500 : 25, expiring: tokens === "rotating" };
    expect(await play(`L1 ${grants}, ${tokens}`, logOutInARace({ provider, ...counts }))).toMatchObject({ lost: 0 });
  });
});

describe("a Redis that fails", () => {
  it.each(Object.entries(redisFaults))(
    "has an answer with a name for everybody while Redis is %s",
    async (name, fault) => {
      const provider = await startSimulator({});
      const counts = full ? { processes: 4, faultMs: 20_000 } : { processes: 2, faultMs: 1_000 };
      const { lost, slowestMs, also } = await play(`D ${name}`, failRedis({ provider, fault, ...counts }));
      expect({ lost, ...also }).toMatchObject({ lost: 0, "without a name": 0, "stored by their word": 0 });
      expect(slowestMs).toBeLessThanOrEqual(promised(2_500));
      expect(also["normal after ms"]).toBeLessThanOrEqual(promised(5_000));
    },
  );
});

describe("a token endpoint in trouble", () => {
  it("logs nobody out", async () => {
    const provider = await startSimulator({ reuseDetection: "strict" });
    const grants = full ? 1_000 : 50;
    const { lost, also } = await play("T6", refuseRenewals({ provider, grants }));
    expect({ lost, ...also }).toEqual({ lost: 0, served: grants / 5, "asked to come back later": (grants * 4) / 5 });
  });
});

describe("a Redis that takes no writes amid renewals", () => {
  it.each([
    ["goes on", false],
    ["is told to end", true],
  ])("has the new tokens as soon as it takes them, when the process %s", async (_what, terminated) => {
    const provider = await startSimulator({ reuseDetection: "strict" });
    const counts = { grants: full ? 50 : 10, readOnlyMs: full ? 5_000 : 1_500, terminated };
    const figures = await play(`R8${terminated ? ", SIGTERM" : ""}`, renewWhileReadOnly({ provider, ...counts }));
    expect(figures).toMatchObject({ lost: 0, renewalsPerExpiry: 1 });
    expect(figures.also).toMatchObject({ "unwritten meanwhile": counts.grants, "told so": counts.grants });
    if (terminated) expect(figures.also["exit code"]).toBe(0);
  });
});

describe("many companies at once", () => {
  it.each([
    ["memory", 1],
    ["redis", 2],
  ] as const)("hears everybody's own company, with grants in %s", async (grants, processes) => {
    const counts = full ? { companies: 200, rounds: 100, requests: 5 } : { companies: 100, rounds: 6, requests: 5 };
    const figures = await play(`R10 ${grants}`, askWhoseItIs({ grants, processes, ...counts }));
    expect(figures).toMatchObject({ lost: 0, renewalsPerExpiry: 1, also: { "failed otherwise": 0 } });
  });
});

describe("companies that brought keys, in an app that others sign in to", () => {
  const stores = ["redis", "postgres"] as const;
  const processes = 4;

  it.each(stores)("hear each its own company, with grants in %s", async (grants) => {
    const requests = full ? 100_000 : 1_000;
    const { lost, also } = await play(`K1 ${grants}`, askByKeyAndOAuth({ grants, processes, requests }));
    expect({ lost, failed: also }).toEqual({ lost: 0, failed: {} });
  });

  it.each(stores)("stay away once their key has ended, with grants in %s", async (grants) => {
    const ends = full ? 500 : 20;
    expect(await play(`L1 keys, ${grants}`, endKeysInARace({ grants, processes, ends }))).toMatchObject({ lost: 0 });
  });

  const failing = full ? { processes, faultMs: 20_000 } : { processes: 2, faultMs: 500 };

  it.each(Object.entries<RedisFault>(redisFaults))("have an answer while Redis is %s", async (name, fault) => {
    const begin = async ({ redis }: Stage) => {
      await fault.begin(redis);
      return () => fault.end(redis);
    };
    const counts = { grants: "redis", forgets: fault.forgets === true, ...failing } as const;
    expectNamed(await play(`D keys, ${name}`, failUnderKeys({ begin, ...counts })));
  });

  it.each(Object.entries<PostgresFault>(postgresFaults))(
    "have an answer while PostgreSQL is %s",
    async (name, fault) => {
      const begin = (stage: Stage) => openFault(stage, fault);
      const counts = { grants: "postgres", ...failing } as const;
      expectNamed(await play(`D keys, PostgreSQL ${name}`, failUnderKeys({ begin, ...counts })));
    },
  );

  function expectNamed({ lost, also }: Figures): void {
    expect({ lost, nameless: also["without a name"] }).toEqual({ lost: 0, nameless: 0 });
    expect(also["normal after ms"]).toBeLessThan(15_000);
  }
});

describe("callbacks over two processes", () => {
  it("sends every code once, and signs both in, when each comes twice", async () => {
    const provider = await startSimulator({ reuseDetection: "strict" });
    const pairs = full ? 1_000 : 50;
    const { lost, also } = await play("S3 Redis", comeBackTwice({ provider, pairs }));
    expect({ lost, ...also }).toEqual({ lost: 0, "codes sent": pairs });
  });

  const { flushed: _flushed, ...lasting } = redisFaults;
  it.each(Object.entries({ ...lasting, "closed to sessions": closedToSessions }))(
    "signs nobody in when Redis is %s between exchange and save",
    async (name, fault) => {
      const provider = await startSimulator({});
      const people = full ? 50 : 10;
      const { lost, slowestMs, also } = await play(`S7 ${name}`, failBeforeSave({ provider, fault, people }));
      expect({ lost, ...also }).toEqual({ lost: 0, "told so": people, "grants left": 0 });
      expect(slowestMs).toBeLessThanOrEqual(promised(2_500));
    },
  );
});

describe("a Redis that is absent at first, and restarted again and again", () => {
  it("is waited for by nobody, and used within five seconds", async () => {
    const provider = await startSimulator({});
    const counts = { processes: 2, restarts: full ? 20 : 3 };
    const { lost, slowestMs, also } = await play("D3", restartRedis({ provider, ...counts }));
    expect({ lost, ...also }).toMatchObject({ lost: 0, "without a name": 0 });
    expect(slowestMs).toBeLessThanOrEqual(promised(2_500));
    expect(also["normal after ms"]).toBeLessThanOrEqual(promised(5_000));
  });
});
