import { createCallWriter } from "./call-writer";
import type { Company } from "./company";
import { planCall } from "./day";
import type { Call } from "./entities";
import { nextCallId } from "./ids";
import { createRandom } from "./random";
import { insert } from "./timeline";

const daySeconds = 86_400;

export interface ArrivalSettings {
  readonly seed: number;
  readonly now: () => number;
}

/** Adds calls to a company, each with what is given of it. One rings as long as it cannot have ended yet. */
export function addCalls(company: Company, given: readonly Partial<Call>[], { seed, now }: ArrivalSettings): Call[] {
  const write = createCallWriter(company);
  const callers = callersOf(company);
  const ids = new Set(company.calls.map(({ id }) => id));
  const nowSeconds = Math.floor(now() / 1000);

  return given.map((wanted) => {
    const { id = nextCallId(company), started_at: startedAt = nowSeconds } = wanted;
    if (ids.has(id)) throw new RangeError(`There is a call ${id} already.`);
    ids.add(id);
    const random = createRandom(seed, id);
    const second = startedAt % daySeconds;
    const written = write(planCall({ callers, random }, second), id, startedAt - second, random);
    const ended = startedAt + written.duration <= nowSeconds;
    const call = { ...(ended ? written : ringing(written)), ...wanted };
    insert(company.calls, (other) => other.started_at, call);
    return call;
  });
}

/** Whether one of them had such a call. */
export function removeCall(companies: readonly Company[], id: number): boolean {
  for (const { calls } of companies) {
    const position = calls.findIndex((call) => call.id === id);
    if (position >= 0) return calls.splice(position, 1).length > 0;
  }
  return false;
}

function ringing(call: Call): Call {
  const open = { status: "initial", missed_call_reason: null, answered_at: null, ended_at: null, duration: 0 } as const;
  return { ...call, ...open, voicemail: null, recording: null, asset: null, comments: [] };
}

function callersOf({ contacts }: Company): string[] {
  const digits = contacts.flatMap((contact) => contact.phone_numbers[0]?.value ?? []);
  return digits.length > 0 ? digits : ["anonymous"];
}
