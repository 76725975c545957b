import type { WorkerSettings } from "./workers";
import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { onStage, pick, type Answer, type Person, type Stage } from "./stage";

export interface RenewalCounts {
  readonly provider: Provider;
  readonly grants?: WorkerSettings["grants"];
  readonly processes: number;
  /** To each process, all at once. */
  readonly requests: number;
  readonly expiries: number;
  /** Requests that write the session at any time. */
  readonly writers?: number;
}

/** R1, R2: a token expires, and everybody wants it renewed. */
export function renewTogether(counts: RenewalCounts): Promise<Figures> {
  const { provider, grants = "redis", processes, requests, expiries, writers = 0 } = counts;

  return onStage({ provider, processes, grants }, async (stage) => {
    const answers: Answer[] = [];
    let person = await stage.connect();
    let lost = 0;
    for (let expiry = 0; expiry < expiries; expiry += 1) {
      await stage.expire(person);
      const writing = keepWriting(stage, person, writers);
      const burst = stage.workers.flatMap((worker) => Array.from({ length: requests }, () => worker));
      const pings = await Promise.all(burst.map((worker) => stage.ask(worker, person, "/ping")));
      const these = [...pings, ...(await writing.stop())];
      answers.push(...these);

      const grant = await stage.grantOf(person);
      if (grant?.state === "active" && these.every(({ status }) => status === 200)) continue;
      lost += 1;
      person = await stage.connect();
    }
    const tried = `${processes} × ${requests} requests × ${expiries} expiries${writers ? `, ${writers} writers` : ""}`;
    return figuresOf(stage, { tried, answers, lost, expiries });
  });
}

/** Slow requests that each save the whole session, one after the other, until told to stop. */
export function keepWriting(stage: Stage, person: Person, writers: number) {
  let stopped = false;

  async function write(): Promise<Answer[]> {
    const answers: Answer[] = [];
    while (!stopped) answers.push(await stage.ask(pick(stage.workers), person, "/write?ms=30"));
    return answers;
  }

  const written = Array.from({ length: writers }, write);
  return {
    async stop(): Promise<Answer[]> {
      stopped = true;
      return (await Promise.all(written)).flat();
    },
  };
}
