import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import type { RedisFault } from "./redis-faults";
import { until } from "./settling";
import { onStage, personIn, pick, type Answer, type Arrival, type Stage } from "./stage";

const pairsAtATime = 10;

/** S3: every callback comes twice, once to each of two processes. */
export function comeBackTwice({ provider, pairs }: { provider: Provider; pairs: number }): Promise<Figures> {
  return onStage({ provider, processes: 2 }, async (stage) => {
    const answers: Answer[] = [];
    let leftOut = 0;
    for (let left = pairs; left > 0; left -= pairsAtATime) {
      const few = await Promise.all(Array.from({ length: Math.min(left, pairsAtATime) }, () => comeBack(stage)));
      answers.push(...few.flat());
      leftOut += few.filter((both) => both.some(({ status }) => status !== 200)).length;
    }
    return figuresOf(stage, {
      tried: `${pairs} callbacks, each to 2 processes at once`,
      lost: leftOut,
      answers,
      also: { "codes sent": stage.gate.exchanges },
    });
  });
}

/** What both find when they use the account afterwards. */
async function comeBack(stage: Stage): Promise<Answer[]> {
  const { browser, callbackPath } = await stage.begin();
  const [one, other] = stage.workers;
  const twice = [browser, browser.copy()] as const;
  await Promise.all([stage.visit(one!, twice[0], callbackPath), stage.visit(other!, twice[1], callbackPath)]);
  return Promise.all(twice.map((each) => stage.ask(pick(stage.workers), personIn(each, ""), "/ping")));
}

export interface SaveCounts {
  readonly provider: Provider;
  readonly fault: Pick<RedisFault, "begin" | "end">;
  readonly people: number;
}

/** Grants can be written, sessions can not. */
export const closedToSessions: SaveCounts["fault"] = {
  begin: (redis) => redis.send("ACL", "SETUSER", "default", "resetkeys", "%R~*", "~aircall:*"),
  end: (redis) => redis.send("ACL", "SETUSER", "default", "allkeys"),
};

/** S7, D5: Redis fails when codes have been exchanged and nothing is stored yet. Nobody is signed in, in any process. */
export function failBeforeSave({ provider, fault, people }: SaveCounts): Promise<Figures> {
  return onStage({ provider, processes: 2, gate: { holdsExchanges: true } }, async (stage) => {
    const arrivals = await Promise.all(Array.from({ length: people }, () => stage.begin()));
    let releasedAt = Infinity;
    const callbacks = arrivals.map((arrival) => comeBackOnce(stage, arrival, () => releasedAt));
    await until(() => stage.gate.heldExchanges === people);
    await fault.begin(stage.redis);
    releasedAt = performance.now();
    stage.gate.releaseExchanges();
    const answers = await Promise.all(callbacks);
    const meanwhile = await askEverywhere(stage, arrivals);
    await fault.end(stage.redis);
    await until(async () => (await askEverywhere(stage, arrivals)).every(({ status }) => status === 401));

    const after = await askEverywhere(stage, arrivals);
    const signedIn = [...meanwhile, ...after].filter(({ status }) => status === 200);
    const left = (await stage.redis.send("KEYS", "aircall:*:grant")) as string[];
    return figuresOf(stage, {
      tried: `${people} callbacks`,
      lost: signedIn.length,
      answers: [...answers, ...meanwhile, ...after],
      also: {
        "told so": answers.filter(({ status, code }) => status === 503 && code === "store_failed").length,
        "grants left": left.length,
      },
    });
  });
}

/** Timed from when the provider answered. */
async function comeBackOnce(stage: Stage, { browser, callbackPath }: Arrival, since: () => number): Promise<Answer> {
  const { status, text } = await stage.visit(pick(stage.workers), browser, callbackPath);
  const { error = null } = status < 400 ? {} : (JSON.parse(text) as { error?: string });
  return { status, text, code: error, ms: performance.now() - since() };
}

async function askEverywhere({ workers, ask }: Stage, arrivals: readonly Arrival[]): Promise<Answer[]> {
  await sleep(50);
  const people = arrivals.map(({ browser }) => personIn(browser, ""));
  return Promise.all(people.flatMap((person) => workers.map((worker) => ask(worker, person, "/ping"))));
}
