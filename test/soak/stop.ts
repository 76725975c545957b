import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, tally, type Figures } from "./figures";
import type { Provider } from "./provider";
import { askUntilRenewing, connectAll, endLocks, quiet, settle } from "./settling";
import { onStage, type Answer, type Person, type Stage } from "./stage";
import type { Worker } from "./workers";

export interface StopCounts {
  readonly provider: Provider;
  readonly rounds: number;
  /** Renewed in one round. */
  readonly grants: number;
}

/** R4: in every round a process is stopped for three seconds amid its renewals, and then goes on as if nothing was. */
export function stopInRenewal({ provider, rounds, grants }: StopCounts): Promise<Figures> {
  return onStage({ provider, processes: 4 }, async (stage) => {
    const people = await connectAll(stage, grants);
    const answers: Answer[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await expireAll(stage, people);
      const victim = stage.workers[round % 4]!;
      const others = stage.workers.filter((worker) => worker !== victim);
      const atVictim = await askUntilRenewing(stage, people, victim);
      const elsewhere = await whileStopped(victim, async () => {
        const asked = people.flatMap((person) => others.map((worker) => stage.ask(worker, person, "/ping")));
        await sleep(3_000);
        return asked;
      });
      answers.push(...(await Promise.all([...atVictim, ...elsewhere])));
    }
    const settled = await Promise.all(people.map((person) => settle(stage, person)));
    const lost = settled.filter(({ end }) => end !== "served").length;
    const notServed = tally(answers.filter(({ status }) => status !== 200));
    const tried = `${rounds} stops of 3 s amid ${grants} renewals each`;
    return figuresOf(stage, { tried, lost, answers, expiries: rounds * grants, also: notServed });
  });
}

/**
 * R4: a process is stopped for longer than its locks live. By the time it goes on, others have renewed twice, and what
 * it wants to write is old.
 */
export function writeLate({ provider, grants, stopMs }: Omit<StopCounts, "rounds"> & { stopMs: number }) {
  return onStage({ provider, processes: 4 }, async (stage): Promise<Figures> => {
    const people = await connectAll(stage, grants);
    const victim = stage.workers[0]!;
    await expireAll(stage, people);
    const atVictim = await askUntilRenewing(stage, people, victim);
    const elsewhere = { ...stage, workers: stage.workers.slice(1) };
    const stoppedAt = performance.now();

    const settled = await whileStopped(victim, async () => {
      await quiet(stage);
      if (stopMs < lockLifeMs) await endLocks(stage);
      const first = await Promise.all(people.map((person) => settle(elsewhere, person)));
      await expireAll(stage, people);
      const second = await Promise.all(people.map((person) => settle(elsewhere, person)));
      await sleep(Math.max(0, stopMs - (performance.now() - stoppedAt)));
      return [...first, ...second];
    });

    const answers = [...(await Promise.all(atVictim)), ...settled.flatMap(({ answers }) => answers)];
    await sleep(500);
    const overwritten = await Promise.all(people.map((person) => isOutdated(stage, person)));
    const dead = settled.filter(({ end }) => end !== "served").length;
    return figuresOf(stage, {
      tried: `1 stop of ${stopMs / 1_000} s amid ${grants} renewals, locks passed on`,
      lost: dead + overwritten.filter(Boolean).length,
      answers,
      also: { "late writes that took effect": overwritten.filter(Boolean).length },
    });
  });
}

const lockLifeMs = 30_000;

async function expireAll(stage: Stage, people: readonly Person[]): Promise<void> {
  await Promise.all(people.map((person) => stage.expire(person)));
}

async function whileStopped<T>({ pid }: Worker, act: () => Promise<T>): Promise<T> {
  process.kill(pid, "SIGSTOP");
  try {
    return await act();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

/** The stored pair is not the last one that the server gave out. */
export async function isOutdated({ grantOf, gate }: Stage, person: Person): Promise<boolean> {
  const refreshToken = (await grantOf(person))?.refreshToken;
  return gate.familyOf(refreshToken)?.current !== refreshToken;
}
