import type { Company } from "../company";
import type { Call } from "../entities";
import type { Happening } from "../happening";
import { planLife, take, type LifeSettings } from "./call-life";
import { newCall, type Outcome } from "./new-call";
import { insert } from "./timeline";

/** Options of `simulator.playCall()`. */
export interface PlayOptions {
  /** Default: the first company. */
  companyId?: number | undefined;
  /** How it ends. Default: by chance, which `seed` decides. */
  outcome?: Outcome | undefined;
  /** Fields of the call that are not left to chance, such as its `number` or its `raw_digits`. */
  call?: Partial<Call> | undefined;
  /** Real milliseconds between one step and the next. Default 0. */
  pauseMs?: number | undefined;
}

interface Playing extends LifeSettings {
  readonly seed: number;
  /** UNIX milliseconds. */
  readonly now: () => number;
  /** Resolves once the webhooks that want it were tried. */
  readonly announce: (company: Company, happening: Happening) => Promise<unknown>;
  readonly pause: () => Promise<unknown>;
}

/** Lets a whole call happen at once: its moments lie in the past, and the last of them is now. */
export async function playCall(company: Company, options: PlayOptions, playing: Playing): Promise<Call> {
  const { seed, now, announce, pause } = playing;
  const end = newCall(company, { ...options, given: options.call, startedAt: Math.floor(now() / 1000) }, seed);
  const { steps: draft } = planLife(company, end, playing);
  const { call, steps } = planLife(company, moved(end, -Math.ceil(draft.at(-1)?.after ?? 0)), playing);
  insert(company.calls, ({ started_at }) => started_at, call);
  company.ongoing.push(call);
  for (const step of steps) {
    if (step.after > 0) await pause();
    take(company, { call, step });
    for (const happening of step.happenings) {
      await announce(company, { at: (call.started_at + step.after) * 1000, ...happening });
    }
  }
  return call;
}

function moved(call: Call, seconds: number): Call {
  const { started_at, answered_at, ended_at } = call;
  return {
    ...call,
    started_at: started_at + seconds,
    answered_at: answered_at === null ? null : answered_at + seconds,
    ended_at: ended_at === null ? null : ended_at + seconds,
  };
}
