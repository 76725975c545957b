import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { redisFaults } from "./redis-faults";
import { connectAll, until } from "./settling";
import { onStage, type Answer, type Person, type Stage } from "./stage";
import { isOutdated } from "./stop";

export interface UnwrittenCounts {
  readonly provider: Provider;
  readonly grants: number;
  readonly readOnlyMs: number;
  /** Whether the process is told to end meanwhile. */
  readonly terminated: boolean;
}

/** R8: Redis takes no writes when new tokens arrive. They are written when it does, whether or not anybody asks. */
export function renewWhileReadOnly(counts: UnwrittenCounts): Promise<Figures> {
  const { provider, grants, readOnlyMs, terminated } = counts;

  return onStage({ provider, processes: 1, gate: { beforeMs: 0, afterMs: 500 } }, async (stage) => {
    const [worker] = stage.workers;
    const people = await connectAll(stage, grants);
    await Promise.all(people.map((person) => stage.expire(person)));
    const asked = people.map((person) => stage.ask(worker!, person, "/ping"));
    await until(() => stage.gate.held === grants);
    await redisFaults["read-only"].begin(stage.redis);
    const answers = await Promise.all(asked);
    const ended = terminated ? worker!.terminate() : Promise.resolve(null);
    await sleep(readOnlyMs);
    const unwritten = await outdatedAmong(stage, people);
    await redisFaults["read-only"].end(stage.redis);
    const returnedAt = performance.now();
    const exitCode = await ended;
    await until(async () => (await outdatedAmong(stage, people)) === 0).catch(() => undefined);
    const writtenAfterMs = Math.round(performance.now() - returnedAt);

    if (terminated) await stage.replace(worker!);
    const after: Answer[] = await Promise.all(people.map((person) => stage.ask(stage.workers[0]!, person, "/ping")));
    return figuresOf(stage, {
      tried: `${grants} renewals, ${readOnlyMs / 1_000} s read-only${terminated ? ", SIGTERM" : ""}`,
      lost: after.filter(({ status }) => status !== 200).length,
      answers: [...answers, ...after],
      expiries: grants,
      also: {
        "unwritten meanwhile": unwritten,
        "told so": answers.filter(({ status, code }) => status === 503 && code === "store_failed").length,
        "written after ms": writtenAfterMs,
        ...(terminated && { "exit code": exitCode ?? "none" }),
      },
    });
  });
}

async function outdatedAmong(stage: Stage, people: readonly Person[]): Promise<number> {
  return (await Promise.all(people.map((person) => isOutdated(stage, person)))).filter(Boolean).length;
}
