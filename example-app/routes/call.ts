import express, { type Request, type Response, type Router } from "express";
import { ApiError, type User } from "express-aircall";
import { numberOf } from "../callers";
import { textOf } from "../form";
import { leaveNotice } from "../notice";
import { createClock, nameOf, reasonOf } from "../words";
import { pageNotFound } from "./errors";

type CallRequest = Request<{ id: string }>;

/** One missed call: listen to the voicemail, comment on it, or put the number into somebody's dialer. */
export function callPages(): Router {
  const pages = express.Router();
  pages.use(express.urlencoded({ extended: false }));
  pages.param("id", (req, res, next, id: string) => (/^\d+$/.test(id) ? next() : pageNotFound(req, res, next)));

  pages.get("/:id", (req, res) => showCall(req, res));
  pages.get("/:id/voicemail", voicemail);
  pages.post("/:id/comments", comment);
  pages.post("/:id/dial", dial);
  return pages;
}

/** Aircall's own address of it opens it to anybody, so that stays here. */
async function voicemail(req: CallRequest, res: Response): Promise<void> {
  await req.aircall.calls.voicemail(req.params.id).pipe(res);
}

async function comment(req: CallRequest, res: Response): Promise<void> {
  const content = textOf(req, "content");
  if (!content) return showCall(req, res, { status: 400, commentFault: "Write something first." });
  res.locals["sent"] = "Your comment";
  try {
    await req.aircall.calls.comment(req.params.id, { content });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "bad_request") throw error;
    const commentFault = "Aircall did not take this comment. A call has room for five, in plain text without emoji.";
    return showCall(req, res, { status: 400, commentFault, draft: content });
  }
  leaveNotice(req, "Your comment is saved.");
  res.redirect(303, `/calls/${req.params.id}`);
}

async function dial(req: CallRequest, res: Response): Promise<void> {
  const call = await req.aircall.calls.get(req.params.id);
  const to = numberOf(call);
  if (to === null) return showCall(req, res, { status: 400, dialFault: "This caller withheld their number." });
  const agent = textOf(req, "agent");
  if (!/^\d+$/.test(agent)) return showCall(req, res, { status: 400, dialFault: "Choose who calls back." });
  try {
    await req.aircall.users.dial(agent, { to });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "agent_unavailable") throw error;
    const dialFault = "They have just become unavailable. Choose somebody else.";
    return showCall(req, res, { status: 409, dialFault });
  }
  leaveNotice(req, `${call.raw_digits} is in their dialer, ready to call.`);
  res.redirect(303, `/calls/${req.params.id}`);
}

interface Shown {
  readonly status?: number;
  readonly dialFault?: string;
  readonly commentFault?: string;
  /** A comment that was not saved. */
  readonly draft?: string;
}

async function showCall(req: CallRequest, res: Response, shown: Shown = {}): Promise<void> {
  const { status = 200, dialFault = null, commentFault = null, draft = "" } = shown;
  const [call, agents] = await Promise.all([
    req.aircall.calls.get(req.params.id, { fetch_contact: true }),
    availableAgents(req),
  ]);
  const clock = createClock([call]);
  const faults = { dialFault, commentFault, draft };
  res.status(status).render("call", { call, agents, clock, number: numberOf(call), nameOf, reasonOf, ...faults });
}

async function availableAgents(req: CallRequest): Promise<User[]> {
  const agents: User[] = [];
  for await (const user of req.aircall.users.iterate({}, { lane: "interactive" }))
    if (user.available) agents.push(user);
  return agents.sort((one, other) => one.name.localeCompare(other.name));
}
