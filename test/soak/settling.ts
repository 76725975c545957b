import { setTimeout as sleep } from "node:timers/promises";
import { pick, type Answer, type Person, type Stage } from "./stage";
import type { Worker } from "./workers";

const lockLifeMs = 30_000;
/** A caller that came just before the lock ended may have waited its ten seconds for nothing. */
const marginMs = 12_000;

/** What became of somebody's grant. */
export interface Settled {
  readonly person: Person;
  /** Stuck: neither served nor told to sign in again when the lock of whoever was killed had long ended. */
  readonly end: "served" | "dead" | "stuck";
  readonly ms: number;
  readonly answers: readonly Answer[];
}

/** Asks on somebody's behalf, as a browser that honours `Retry-After` would, until it is known what became of the grant. */
export async function settle(stage: Stage, person: Person): Promise<Settled> {
  const startedAt = performance.now();
  const answers: Answer[] = [];
  while (performance.now() - startedAt < lockLifeMs + marginMs) {
    const answer = await stage.ask(pick(stage.workers), person, "/ping");
    answers.push(answer);
    const ms = Math.round(performance.now() - startedAt);
    if (answer.status === 200) return { person, end: "served", ms, answers };
    if (answer.status === 401) return { person, end: "dead", ms, answers };
    await sleep(500);
  }
  return { person, end: "stuck", ms: lockLifeMs + marginMs, answers };
}

/** So many people, a few at a time. */
export async function connectAll(stage: Stage, count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    const few = Array.from({ length: Math.min(10, count - people.length) }, () => stage.connect());
    people.push(...(await Promise.all(few)));
  }
  return people;
}

/** Asks one process for all these people; resolves when a quarter of their renewals are under way. */
export async function askUntilRenewing(
  stage: Stage,
  people: readonly Person[],
  worker: Worker,
): Promise<Promise<Answer>[]> {
  const before = stage.gate.renewals;
  const answers = people.map(async (person) => {
    await sleep(Math.random() * 150);
    return stage.ask(worker, person, "/ping");
  });
  await until(() => stage.gate.renewals - before >= people.length / 4);
  return answers;
}

/** Until no renewal is under way, and what came of the last ones is written. */
export async function quiet({ gate }: Stage): Promise<void> {
  await until(() => gate.held === 0);
  await sleep(300);
}

/** At most ten seconds. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await reached()); waitedMs += 5) {
    if (waitedMs > 10_000) throw new Error("Nothing more happened at the token endpoint.");
    await sleep(5);
  }
}

/** Makes the locks end that somebody holds still; what the server and the processes know stays as it is. */
export async function endLocks({ postgres, redis }: Stage): Promise<number> {
  if (postgres) return (await postgres.query("DELETE FROM aircall_leases WHERE key LIKE 'lock:%'")).rowCount ?? 0;
  const keys = (await redis.send("KEYS", "aircall:*:lock")) as string[];
  if (keys.length > 0) await redis.send("DEL", ...keys);
  return keys.length;
}
