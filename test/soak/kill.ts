import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { askUntilRenewing, connectAll, endLocks, quiet, settle, type Settled } from "./settling";
import { onStage, type Answer, type Person, type Stage } from "./stage";
import type { Worker, WorkerSettings } from "./workers";

export interface KillCounts {
  readonly provider: Provider;
  readonly grants?: WorkerSettings["grants"];
  readonly rounds: number;
  /** Renewed in one round. */
  readonly renewals: number;
  /** Whether the locks of the killed live to their end; otherwise they are ended as soon as nobody else holds any. */
  readonly wholeLockLife: boolean;
}

interface Round {
  readonly answers: Promise<Answer[]>;
  /** Renewed by the server, but nobody lived to write it down. */
  readonly caught: ReadonlySet<Person>;
  readonly settled: Promise<Settled[]>;
}

/** While the locks of the dead live, whole rounds go on; then all wait, for a server forgives once and no more. */
const waveMs = 15_000;

/** R7: in every round a process dies by kill -9 amid its renewals. Each round has grants of its own. */
export function killInRenewal(counts: KillCounts): Promise<Figures> {
  const { provider, grants = "redis", rounds, renewals, wholeLockLife } = counts;

  return onStage({ provider, processes: 4, grants }, async (stage) => {
    const people = await connectAll(stage, rounds * renewals);
    const played: Round[] = [];
    let waveBeganAt = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      const theirs = people.slice(round * renewals, (round + 1) * renewals);
      played.push(await playRound(stage, theirs, { victim: stage.workers[round % 4]!, wholeLockLife }));
      if (performance.now() - waveBeganAt < (wholeLockLife ? waveMs : 0)) continue;
      await Promise.all(played.map(({ settled }) => settled));
      waveBeganAt = performance.now();
    }

    const settled = (await Promise.all(played.map(({ settled }) => settled))).flat();
    const caught = new Set(played.flatMap(({ caught }) => [...caught]));
    const dead = settled.filter(({ end }) => end === "dead");
    return figuresOf(stage, {
      tried: `${rounds} kills amid ${renewals} renewals each`,
      lost: dead.length,
      answers: (await Promise.all(played.map(({ answers }) => answers))).flat(),
      also: {
        "caught between commit and write": caught.size,
        "lost without that": dead.filter(({ person }) => !caught.has(person)).length,
        stuck: settled.filter(({ end }) => end === "stuck").length,
        "longest until served ms": Math.max(...settled.map(({ ms }) => ms)),
      },
    });
  });
}

interface Killing {
  readonly victim: Worker;
  readonly wholeLockLife: boolean;
}

async function playRound(stage: Stage, people: readonly Person[], { victim, wholeLockLife }: Killing): Promise<Round> {
  const others = stage.workers.filter((worker) => worker !== victim);
  await Promise.all(people.map((person) => stage.expire(person)));
  const atVictim = await askUntilRenewing(stage, people, victim);
  const elsewhere = people.flatMap((person) => others.map((worker) => stage.ask(worker, person, "/ping")));
  await sleep(Math.random() * 100);
  await victim.kill();
  await stage.replace(victim);

  await quiet(stage);
  const caught = await caughtAmong(stage, people);
  if (!wholeLockLife) await endLocks(stage);
  const settled = Promise.all(people.map((person) => settle(stage, person)));
  return { answers: Promise.all([...atVictim, ...elsewhere]), caught, settled };
}

async function caughtAmong({ grantOf, gate }: Stage, people: readonly Person[]): Promise<Set<Person>> {
  const caught = new Set<Person>();
  for (const person of people) {
    const refreshToken = (await grantOf(person))?.refreshToken;
    if (gate.familyOf(refreshToken)?.current !== refreshToken) caught.add(person);
  }
  return caught;
}
