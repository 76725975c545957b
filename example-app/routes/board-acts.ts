import express, { type Request, type Response, type Router } from "express";
import { ApiError } from "express-aircall";
import { boardOf } from "../board-of";
import { findCallers, nameOf, type Caller } from "../board/callers";
import { meOf } from "../board/me";
import { doneOf, isDoneReason, noteDone, release, take, takeOf, type DoneReason } from "../board/notes";
import { textOf } from "../form";
import { agentStates } from "../mirror/agents";
import { mirrorCall, type Named } from "../mirror/mirrored-call";
import { leaveNotice } from "../notice";
import { chooseAgent } from "./choose-agent";
import { pageNotFound } from "./errors";

/** What is done on the board, each a form: take and release a caller, call back, done and undo. */
export function boardActs(): Router {
  const acts = express.Router();
  acts.use(express.urlencoded({ extended: false }));
  acts.post("/take", onCaller(takeCaller));
  acts.post("/release", onCaller(releaseCaller));
  acts.post("/call-back", onCaller(callBack));
  acts.post("/choose", onCaller(choose));
  acts.post("/done/:reason", onCaller(done));
  acts.post("/undo", onCaller(undo));
  acts.post("/not-me", notMe);
  return acts;
}

type Act = (req: Request, res: Response, caller: Caller) => Promise<void> | void;

function onCaller(act: Act) {
  return async function actOnCaller(req: Request, res: Response): Promise<void> {
    const { mirror, key } = boardOf(req);
    const wanted = textOf(req, "caller");
    const caller = findCallers(mirror.calls(key)).find((one) => one.key === wanted);
    if (caller) return act(req, res, caller);
    leaveNotice(req, "That caller is on the board no longer.");
    goBack(req, res);
  };
}

async function takeCaller(req: Request, res: Response, caller: Caller): Promise<void> {
  const { mirror, key } = boardOf(req);
  const by = agentOf(req) ?? hereOf(req, meOf(req));
  if (!by) return chooseAgent(req, res, { caller, act: "take" });
  remember(req, by);
  const holder = await take(mirror, key, caller, { by, at: nowSeconds(), anyway: textOf(req, "anyway") === "1" });
  if (holder.by.id !== by.id) return chooseAgent(req, res, { caller, act: "take", holder, chosen: by, status: 409 });
  goBack(req, res);
}

async function releaseCaller(req: Request, res: Response, caller: Caller): Promise<void> {
  const { mirror, key } = boardOf(req);
  const before = takeOf(mirror, key, caller);
  await release(mirror, key, caller);
  if (before) leaveNotice(req, `${nameOf(caller)} is with nobody now, but may still be in ${before.by.name}’s dialer.`);
  goBack(req, res);
}

/** For who chose the wrong name, and for whoever looks next in this browser. */
function notMe(req: Request, res: Response): void {
  delete req.session.me;
  delete req.session.lastAgent;
  goBack(req, res);
}

/** Puts the number into the dialer of who looks, of whom they chose last, or of whom they choose now. */
async function callBack(req: Request, res: Response, caller: Caller): Promise<void> {
  const { mirror, key } = boardOf(req);
  if (caller.number === null) return void pageNotFound(req, res, () => undefined);
  const by = agentOf(req) ?? hereOf(req, meOf(req)) ?? hereOf(req, req.session.lastAgent);
  if (!by) return chooseAgent(req, res, { caller, act: "call-back" });
  const before = takeOf(mirror, key, caller);
  // Taken first, so that of two who click at once one is warned before anything rings.
  const holder = await take(mirror, key, caller, { by, at: nowSeconds(), anyway: textOf(req, "anyway") === "1" });
  if (holder.by.id !== by.id)
    return chooseAgent(req, res, { caller, act: "call-back", holder, chosen: by, status: 409 });
  try {
    await boardOf(req).client.users.dial(by.id, { to: caller.number });
  } catch (error) {
    if (!before) await release(mirror, key, caller);
    if (!(error instanceof ApiError) || error.code !== "agent_unavailable") throw error;
    const fault = `${by.name} cannot take a call right now. Choose somebody else.`;
    return chooseAgent(req, res, { caller, act: "call-back", fault, status: 409 });
  }
  remember(req, by);
  const who = meOf(req)?.id === by.id ? "your" : `${by.name}’s`;
  leaveNotice(req, `${nameOf(caller)} is in ${who} dialer, ready to call.`);
  goBack(req, res);
}

function choose(req: Request, res: Response, caller: Caller): void {
  chooseAgent(req, res, { caller, act: "call-back", others: true });
}

/** Archives their missed calls at Aircall, where it is seen too. */
async function done(req: Request, res: Response, caller: Caller): Promise<void> {
  const { reason } = req.params;
  if (typeof reason !== "string" || !isDoneReason(reason)) return void pageNotFound(req, res, () => undefined);
  res.locals["sent"] = "That this caller is done";
  const calls = caller.missed.map(({ id }) => id);
  await archive(req, calls, "archive");
  await note(req, caller, { reason, calls });
  leaveNotice(req, `${nameOf(caller)} needs no call. It can be undone under “Done”.`);
  goBack(req, res);
}

async function undo(req: Request, res: Response, caller: Caller): Promise<void> {
  const { mirror, key } = boardOf(req);
  const calls = doneOf(mirror, key, caller)?.calls ?? caller.missed.map(({ id }) => id);
  res.locals["sent"] = "That this caller waits again";
  await archive(req, calls, "unarchive");
  await note(req, caller, null);
  leaveNotice(req, `${nameOf(caller)} waits again.`);
  goBack(req, res);
}

async function archive(req: Request, ids: readonly number[], how: "archive" | "unarchive"): Promise<void> {
  const { mirror, key, client } = boardOf(req);
  const calls = await Promise.all(ids.map((id) => client.calls[how](id)));
  // At once here; for what others do at Aircall there are events.
  await mirror.put(
    key,
    calls.map((call) => mirrorCall(call, nowSeconds())),
  );
}

function note(req: Request, caller: Caller, why: { reason: DoneReason; calls: number[] } | null): Promise<void> {
  const { mirror, key } = boardOf(req);
  return noteDone(mirror, key, caller, why && { ...why, by: meOf(req), at: nowSeconds() });
}

/** Whom the form names; null where it names nobody of this company. */
function agentOf(req: Request): Named | null {
  return hereOf(req, { id: Number(textOf(req, "agent")) });
}

/** The same browser may look at several companies: null where they are not of this one. */
function hereOf(req: Request, agent: Pick<Named, "id"> | null | undefined): Named | null {
  const { mirror, key } = boardOf(req);
  const found = agentStates(mirror, key).find(({ id }) => id === agent?.id);
  return found ? { id: found.id, name: found.name } : null;
}

function remember(req: Request, agent: Named): void {
  if (textOf(req, "me") === "1") req.session.me = agent;
  req.session.lastAgent = agent;
}

/** To that part of the board where the form was. */
function goBack(req: Request, res: Response): void {
  const view = textOf(req, "view");
  res.redirect(303, /^\/missed-calls(\?[\w%+&=.-]*)?$/.test(view) ? view : "/missed-calls");
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
