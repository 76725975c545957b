import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { connectAll, settle } from "./settling";
import { onStage, type Answer, type Person } from "./stage";

export interface LostAnswerCounts {
  readonly provider: Provider;
  readonly grants: number;
  readonly expiriesEach: number;
}

/** R6: the server renews, but one answer in five never arrives. */
export function loseAnswers({ provider, grants, expiriesEach }: LostAnswerCounts): Promise<Figures> {
  return onStage({ provider, processes: 4, gate: { losesOneIn: 5 } }, async (stage) => {
    const { gate, workers } = stage;
    const answers: Answer[] = [];
    const dead: Person[] = [];
    let living = await connectAll(stage, grants);
    let expiries = 0;
    for (let expiry = 0; expiry < expiriesEach; expiry += 1) {
      expiries += living.length;
      await Promise.all(living.map((person) => stage.expire(person)));
      const asked = living.flatMap((person) => workers.map((worker) => stage.ask(worker, person, "/ping")));
      answers.push(...(await Promise.all(asked)));

      const settled = await Promise.all(living.map((person) => settle(stage, person)));
      dead.push(...settled.filter(({ end }) => end !== "served").map(({ person }) => person));
      living = settled.filter(({ end }) => end === "served").map(({ person }) => person);
    }

    const before = gate.renewals;
    const again = dead.flatMap((person) => workers.map((worker) => stage.ask(worker, person, "/ping")));
    answers.push(...(await Promise.all(again)));
    return figuresOf(stage, {
      tried: `${grants} grants × ${expiriesEach} expiries, 1 answer in 5 lost`,
      lost: dead.length,
      answers,
      also: {
        "answers lost": gate.lostAnswers,
        "sent more than once again": Math.max(0, before - expiries - gate.lostAnswers),
        "sent for the dead": gate.renewals - before,
        "soonest sent again ms": gate.soonestAgainMs,
      },
    });
  });
}
