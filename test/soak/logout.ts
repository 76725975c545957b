import { setTimeout as sleep } from "node:timers/promises";
import type { WorkerSettings } from "./workers";
import { figuresOf, tally, type Figures } from "./figures";
import type { Provider } from "./provider";
import { onStage, pick, type Answer, type Person, type Stage } from "./stage";

export interface LogoutCounts {
  readonly provider: Provider;
  readonly grants?: WorkerSettings["grants"];
  readonly processes: number;
  readonly logouts: number;
  /** Whether a renewal is under way as well. */
  readonly expiring: boolean;
}

const peopleAtATime = 10;

/** L1: somebody logs out while their other tabs are at work. Afterwards the old cookie must reach nothing. */
export function logOutInARace(counts: LogoutCounts): Promise<Figures> {
  const { provider, grants = "redis", processes, logouts, expiring } = counts;

  return onStage({ provider, processes, grants, gate: { beforeMs: 10, afterMs: 10 } }, async (stage) => {
    const answers: Answer[] = [];
    const gone: Person[] = [];
    const race = async () => {
      const person = await stage.connect();
      if (expiring) await stage.expire(person);
      answers.push(...(await raceOf(stage, person)));
      gone.push(person);
    };
    for (let left = logouts; left > 0; left -= peopleAtATime) {
      await Promise.all(Array.from({ length: Math.min(left, peopleAtATime) }, race));
    }

    const { length: inFlightServed } = answers.filter(({ status }) => status === 200);
    const loggedOut = answers.filter(({ status }) => status === 303).length;
    const replays = await Promise.all(gone.map((person) => replay(stage, person)));
    return figuresOf(stage, {
      tried: `${loggedOut} logouts, ${processes} process${processes > 1 ? "es" : ""}, ${expiring ? "expiring" : "permanent"} tokens`,
      lost: replays.filter(({ isBack }) => isBack).length,
      answers,
      also: { "served in flight": inFlightServed, ...tally(replays.flatMap(({ unclear }) => unclear)) },
    });
  });
}

/** Tabs that use the account, tabs that write the session, and in the midst of them the logout. */
async function raceOf(stage: Stage, person: Person): Promise<Answer[]> {
  const tabs = ["/ping", "/ping", "/ping", "/write?ms=5", "/write?ms=20"].map(async (path) => {
    await sleep(Math.random() * 20);
    return stage.ask(pick(stage.workers), person, path);
  });
  await sleep(Math.random() * 30);
  const logout = await stage.ask(pick(stage.workers), person, "/auth/aircall/logout", "POST");
  const after = await stage.ask(pick(stage.workers), person, "/ping");
  if (after.status === 200) throw new Error("Someone who had logged out was served.");
  return [logout, after, ...(await Promise.all(tabs))];
}

interface Replay {
  readonly isBack: boolean;
  /** Answers that say neither yes nor no. */
  readonly unclear: readonly Answer[];
}

/** Every process is asked with the old cookie, and the store for the grant. */
async function replay(stage: Stage, person: Person): Promise<Replay> {
  const answers = await Promise.all(stage.workers.map((worker) => stage.ask(worker, person, "/ping")));
  const unclear = answers.filter(({ status, code }) => status !== 200 && code !== "not_connected");
  const served = answers.some(({ status }) => status === 200);
  return { isBack: served || (await stage.grantOf(person)) !== null, unclear };
}
