import type { Company } from "../company";
import type { Call, NestedUser } from "../entities";
import { nextCallId } from "../ids";
import { createRandom, type Random } from "../random";
import { createCallWriter } from "./call-writer";
import { callersOf } from "./callers";
import { planAnswered, planCall, planMissed, type PlannedCall } from "./day";

/** How a call ends. */
export type Outcome = "answered" | "missed" | "voicemail";

export interface Wanted {
  /** Left to chance when omitted. */
  readonly outcome?: Outcome | undefined;
  /** UNIX seconds. */
  readonly startedAt: number;
  /** Fields of the call that are not left to chance. */
  readonly given?: Partial<Call> | undefined;
  /** The only users who can take the call; anybody when omitted. */
  readonly free?: readonly NestedUser[] | undefined;
}

const daySeconds = 86_400;

/** A call that nobody has seen yet, as it will be once it is over. */
export function newCall(company: Company, { outcome, startedAt, given = {}, free }: Wanted, seed: number): Call {
  const { id = nextCallId(company) } = given;
  const random = createRandom(seed, id);
  const chances = { callers: callersOf(company), random };
  const second = startedAt % daySeconds;
  const writtenAs = (planned: PlannedCall) =>
    createCallWriter(company)({ ...planned, second }, { id, midnight: startedAt - second }, random);
  const call = { ...writtenAs(plan(outcome, chances)), ...given };
  if (!free || call.user === null) return call;
  const user = freeUserOf(company, call, { free, random });
  if (user) return { ...call, user };
  return { ...writtenAs(planMissed("no_available_agent", chances)), ...given };
}

function plan(outcome: Outcome | undefined, chances: { callers: readonly string[]; random: Random }): PlannedCall {
  if (outcome === undefined) return planCall(chances, 0);
  if (outcome === "answered") return planAnswered(chances);
  return { ...planMissed("agents_did_not_answer", chances), voicemail: outcome === "voicemail" };
}

function freeUserOf(
  { numbers }: Company,
  { number }: Call,
  { free, random }: { free: readonly NestedUser[]; random: Random },
): NestedUser | null {
  const members = numbers.find(({ id }) => id === number.id)?.users ?? [];
  const able = free.filter((user) => members.some(({ id }) => id === user.id));
  return able.length > 0 ? random.pick(able) : null;
}
