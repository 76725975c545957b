import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { untilNormal } from "./redis-faults";
import { onStage, type Answer, type Person, type Stage } from "./stage";

export interface RestartCounts {
  readonly provider: Provider;
  readonly processes: number;
  readonly restarts: number;
}

/** D3: the processes start while Redis is absent; then it comes, goes and comes again, each time with nothing in it. */
export function restartRedis({ provider, processes, restarts }: RestartCounts): Promise<Figures> {
  return onStage({ provider, processes }, async (stage) => {
    const person = await stage.connect();
    const answers: Answer[] = [];
    const normalAfterMs: number[] = [];
    stage.redis.kill();
    for (const worker of [...stage.workers]) {
      await stage.replace(worker);
      await worker.kill();
    }
    for (let restart = 0; restart <= restarts; restart += 1) {
      if (restart > 0) stage.redis.kill();
      answers.push(...(await askEverywhere(stage, person)));
      await stage.redis.startAgain();
      normalAfterMs.push(await untilNormal(stage, null, { forgets: true }));
    }
    return figuresOf(stage, {
      tried: `started without, ${restarts} restarts, ${processes} processes`,
      lost: answers.filter(({ status }) => status < 400).length,
      answers,
      also: {
        "without a name": answers.filter(({ status, code }) => status !== 503 || code !== "store_failed").length,
        "normal after ms": Math.max(...normalAfterMs),
      },
    });
  });
}

function askEverywhere({ workers, ask }: Stage, person: Person): Promise<Answer[]> {
  return Promise.all(workers.flatMap((worker) => Array.from({ length: 5 }, () => ask(worker, person, "/ping"))));
}
