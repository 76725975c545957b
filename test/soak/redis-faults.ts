import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, tally, type Figures } from "./figures";
import type { Provider } from "./provider";
import { onStage, pick, type Answer, type Person, type RedisControl, type Stage } from "./stage";

/** What may happen to a Redis, and what ends it. */
export interface RedisFault {
  readonly begin: (redis: RedisControl) => unknown;
  readonly end: (redis: RedisControl) => unknown;
  /** Everybody has to sign in again. */
  readonly forgets?: true;
  /** Nothing can be written while it lasts. */
  readonly lasts?: true;
}

export const redisFaults = {
  killed: { begin: (redis) => redis.kill(), end: (redis) => redis.startAgain(), forgets: true, lasts: true },
  stopped: {
    begin: ({ server }) => process.kill(server.pid, "SIGSTOP"),
    end: ({ server }) => process.kill(server.pid, "SIGCONT"),
    lasts: true,
  },
  "read-only": {
    begin: (redis) => redis.send("REPLICAOF", "127.0.0.1", "1"),
    end: (redis) => redis.send("REPLICAOF", "NO", "ONE"),
    lasts: true,
  },
  full: {
    begin: (redis) => redis.send("CONFIG", "SET", "maxmemory", "1"),
    end: (redis) => redis.send("CONFIG", "SET", "maxmemory", "0"),
    lasts: true,
  },
  flushed: { begin: (redis) => redis.send("FLUSHALL"), end: () => undefined, forgets: true },
} satisfies Record<string, RedisFault>;

export interface FaultCounts {
  readonly provider: Provider;
  readonly fault: RedisFault;
  readonly processes: number;
  readonly faultMs: number;
}

/** D1 to D4: people go on using the app while its Redis fails, and afterwards. */
export function failRedis({ provider, fault, processes, faultMs }: FaultCounts): Promise<Figures> {
  return onStage({ provider, processes }, async (stage) => {
    const people = await connectEverywhere(stage);
    const before = stayBusy(stage, people);
    await sleep(500);

    // Some renewals are under way as it begins, or about to be.
    await stage.expire(people.renewing);
    await sleep(Math.random() * 150);
    await fault.begin(stage.redis);
    const during = stayBusy(stage, people);
    const early = await before.stop();
    await sleep(faultMs);
    const inFault = await during.stop();
    await fault.end(stage.redis);
    const normalAfterMs = await untilNormal(stage, people, fault);

    const answers = [...early, ...inFault];
    const named = answers.filter(({ status, code }) => status >= 400 && code !== "unnamed");
    const nameless = answers.filter(({ status, code }) => status === 0 || code === "unnamed");
    const written = inFault.filter(({ path, status }) => path.startsWith("/write") && status === 200);
    return figuresOf(stage, {
      tried: `${processes} processes, ${faultMs / 1_000} s`,
      lost: fault.forgets ? 0 : await deadAmong(stage, people),
      answers,
      also: {
        "without a name": nameless.length,
        ...tally([...named, ...nameless]),
        "stored by their word": fault.lasts ? written.length : 0,
        "normal after ms": normalAfterMs,
      },
    });
  });
}

export interface People {
  readonly reading: Person;
  readonly writing: Person;
  /** Their token has expired. */
  readonly renewing: Person;
}

type BusyAnswer = Answer & { readonly path: string };

export async function connectEverywhere(stage: Stage): Promise<People> {
  const [reading, writing, renewing] = await Promise.all([stage.connect(), stage.connect(), stage.connect()]);
  return { reading, writing, renewing };
}

/** Twenty requests a second to each process, whether or not the earlier ones were answered. */
function stayBusy(stage: Stage, { reading, writing, renewing }: People) {
  const asked: Promise<BusyAnswer>[] = [];
  const deeds = [
    [reading, "/ping"],
    [writing, "/write?ms=10"],
    [renewing, "/ping"],
  ] as const;
  const timer = setInterval(() => {
    for (const worker of stage.workers) {
      const [person, path] = pick(deeds);
      asked.push(stage.ask(worker, person, path).then((answer) => ({ ...answer, path })));
    }
  }, 50);

  return {
    stop(): Promise<BusyAnswer[]> {
      clearInterval(timer);
      return Promise.all(asked);
    },
  };
}

/** Milliseconds until every process serves every kind of request again. */
export async function untilNormal(
  stage: Stage,
  before: People | null,
  { forgets }: Pick<RedisFault, "forgets">,
): Promise<number> {
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  while (elapsedMs() < 15_000) {
    const people = forgets ? await connectEverywhere(stage).catch(() => null) : before;
    const all = people && stage.workers.flatMap((worker) => deedsOf(stage, people, worker));
    if (all && (await Promise.all(all)).every(({ status }) => status === 200)) return elapsedMs();
    await sleep(50);
  }
  return Infinity;
}

function deedsOf({ ask }: Stage, { reading, writing, renewing }: People, worker: Stage["workers"][number]) {
  return [ask(worker, reading, "/ping"), ask(worker, writing, "/write?ms=0"), ask(worker, renewing, "/ping")];
}

async function deadAmong(stage: Stage, people: People): Promise<number> {
  const grants = await Promise.all(Object.values(people).map((person: Person) => stage.grantOf(person)));
  return grants.filter((grant) => grant?.state !== "active").length;
}
