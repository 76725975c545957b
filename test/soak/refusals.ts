import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, type Figures } from "./figures";
import type { Provider } from "./provider";
import { connectAll, settle } from "./settling";
import { onStage } from "./stage";
import type { Trouble } from "./token-gate";

/** Four renewals of five; the fifth is served. */
const troubles: readonly (Trouble | null)[] = [
  { status: 401, error: "invalid_client" },
  { status: 503, error: "temporarily_unavailable" },
  { status: 429, error: "slow_down" },
  "reset",
  null,
];

/** T6: the token endpoint refuses renewals for reasons that pass. Afterwards everybody works on with the same grant. */
export function refuseRenewals({ provider, grants }: { provider: Provider; grants: number }): Promise<Figures> {
  return onStage({ provider, processes: 2, gate: { beforeMs: 5, afterMs: 5, trouble: troubles } }, async (stage) => {
    const people = await connectAll(stage, grants);
    await Promise.all(people.map((person) => stage.expire(person)));
    const answers = await Promise.all(
      people.map((person, n) => stage.ask(stage.workers[n % stage.workers.length]!, person, "/ping")),
    );
    const ended = (await Promise.all(people.map(stage.grantOf))).filter((grant) => grant?.state !== "active");

    stage.gate.endTrouble();
    await sleep(longestDoubtMs);
    const settled = await Promise.all(people.map((person) => settle(stage, person)));
    const passing = answers.filter(({ status, code }) => status === 503 && code === "renewal_failed");
    return figuresOf(stage, {
      tried: `${grants} grants, 4 renewals of 5 refused`,
      lost: ended.length + settled.filter(({ end }) => end !== "served").length,
      answers: [...answers, ...settled.flatMap(({ answers }) => answers)],
      also: {
        served: answers.filter(({ status }) => status === 200).length,
        "asked to come back later": passing.length,
      },
    });
  });
}

/** As long as the first pause after a failure. */
const longestDoubtMs = 5_000;
