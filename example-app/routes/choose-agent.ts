import type { Request, Response } from "express";
import { boardOf } from "../board-of";
import type { Caller } from "../board/callers";
import { cityOf, clockAt } from "../board/clock";
import { meOf } from "../board/me";
import type { Take } from "../board/notes";
import { isThere } from "../caller/caller-state";
import { textOf } from "../form";
import { agentStates } from "../mirror/agents";
import type { Named } from "../mirror/mirrored-call";

export interface Choosing {
  readonly caller: Caller;
  readonly act: "take" | "call-back";
  /** Whether it is to be somebody else than who looks. */
  readonly others?: boolean;
  /** Who has them already: a second click takes them all the same. */
  readonly holder?: Take;
  /** For whom it was to be. */
  readonly chosen?: Named;
  readonly fault?: string;
  readonly status?: number;
}

/**
 * Asks who it is to be: who looks at the board comes first, or last where it is to be another, then whom they chose last,
 * then who is free.
 */
export function chooseAgent(req: Request, res: Response, choosing: Choosing): void {
  const { mirror, key } = boardOf(req);
  const { caller, act, others = false, holder, chosen, fault = null, status = 200 } = choosing;
  const me = meOf(req);
  const last = req.session.lastAgent?.id;
  const rank = (id: number) => (id === me?.id ? (others ? 3 : 0) : id === last ? 1 : 2);
  const agents = agentStates(mirror, key).sort((one, other) => rank(one.id) - rank(other.id));
  const zone = caller.latest.line?.timeZone ?? null;
  const since = holder && `${clockAt(zone).time(holder.at)}${zone ? ` ${cityOf(zone)} time` : ""}`;
  // A number is read in one piece.
  const name = caller.name ?? caller.latest.digits?.replaceAll(" ", "\u00A0") ?? "the caller";
  const title = holder ? `Already with ${holder.by.name}` : act === "take" ? "Who are you?" : `Who calls ${name} back?`;
  const nobody = act === "call-back" && !agents.some(isThere);
  const shown = { caller, act, holder, since, chosen, fault, me, agents, nobody, name, title };
  res.status(status).render("choose-agent", { ...shown, view: textOf(req, "view") });
}
