import type { Request } from "express";
import { clockAt } from "../board/clock";
import { meOf } from "../board/me";
import type { CallerState } from "./caller-state";
import { isThere } from "./caller-state";

export interface CallBackChoice {
  /** The call whose page it is. */
  readonly id: number;
  readonly number: string | null;
  /** The line's. */
  readonly zone: string | null;
  /** Who is to be chosen already; by default who looks, or whom they chose last. */
  readonly agent?: number | undefined;
}

/** What the form to call somebody back is made of. */
export function callBackModel(req: Request, { agents, holder }: CallerState, choice: CallBackChoice) {
  const { id, number, zone, agent = meOf(req)?.id ?? req.session.lastAgent?.id ?? null } = choice;
  return {
    ...{ id, number, agent, holder },
    there: agents
      .filter(isThere)
      .map(({ id, name, doing }) => ({ id, name: `${name}, ${doing === "talking" ? "on a call" : doing}` })),
    knowsAgents: agents.length > 0,
    since: holder && clockAt(zone).time(holder.at),
  };
}
