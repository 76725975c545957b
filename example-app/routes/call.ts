import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import { ApiError } from "express-aircall";
import { boardOf } from "../board-of";
import { findCallers, nameOf } from "../board/callers";
import { showCaller } from "../caller/caller-page";
import { faultOfComment } from "../caller/comment-text";
import { dropDraft } from "../caller/draft";
import { readCall } from "../caller/history";
import { takeFor } from "../caller/take-for";
import { textOf } from "../form";
import { inE164, mirrorCall } from "../mirror/mirrored-call";
import { leaveNotice } from "../notice";
import { pageNotFound } from "./errors";

type CallRequest = Request<{ id: string }>;

/** A caller, found by one of their calls: their number stands in no address. */
export function callPages(live: RequestHandler<{ id: string }>): Router {
  const pages = express.Router();
  pages.use(express.urlencoded({ extended: false }));
  pages.param("id", (req, res, next, id: string) => (/^\d{1,15}$/.test(id) ? next() : pageNotFound(req, res, next)));

  pages.get("/:id", (req, res) => showCaller(req, res));
  pages.get("/:id/live", live);
  pages.get("/:id/voicemail", (req, res) => boardOf(req).client.calls.voicemail(req.params.id).pipe(res));
  pages.get("/:id/recording", (req, res) => boardOf(req).client.calls.recording(req.params.id).pipe(res));
  pages.post("/:id/comments", comment);
  pages.post("/:id/tags", tag);
  pages.post("/:id/archive", archive);
  pages.post("/:id/dial", dial);
  return pages;
}

async function comment(req: CallRequest, res: Response): Promise<void> {
  const content = textOf(req, "content");
  const { comments } = await readCall(boardOf(req).client, Number(req.params.id));
  const commentFault = faultOfComment(content, comments.length);
  if (commentFault) return showCaller(req, res, { status: 400, commentFault, draft: content });
  res.locals["sent"] = "Your comment";
  try {
    await boardOf(req).client.calls.comment(req.params.id, { content });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "bad_request") throw error;
    const fault = "Aircall did not take this comment. A call has room for five, in plain text without emoji.";
    return showCaller(req, res, { status: 400, commentFault: fault, draft: content });
  }
  dropDraft(req);
  leaveNotice(req, "Your comment is saved.");
  res.redirect(303, `/calls/${req.params.id}`);
}

async function tag(req: CallRequest, res: Response): Promise<void> {
  const tags = (req.body as { tag?: string | string[] } | undefined)?.tag ?? [];
  const ids = [tags].flat().filter((id) => /^\d{1,15}$/.test(id));
  res.locals["sent"] = "The tag";
  if (ids.length > 0) await boardOf(req).client.calls.tag(req.params.id, { tags: ids.map(Number) });
  leaveNotice(req, ids.length > 0 ? "The call is tagged." : "No tag was chosen.");
  res.redirect(303, `/calls/${req.params.id}`);
}

/** Both ways. The board knows at once; events tell it what others do. */
async function archive(req: CallRequest, res: Response): Promise<void> {
  const { mirror, key } = boardOf(req);
  const archived = textOf(req, "archived") === "1";
  res.locals["sent"] = "That this call is done";
  const call = await boardOf(req).client.calls[archived ? "archive" : "unarchive"](req.params.id);
  const known = mirror.call(key, call.id);
  if (known) await mirror.put(key, [{ ...mirrorCall(call, Math.floor(Date.now() / 1000)), name: known.name }]);
  leaveNotice(req, archived ? archivedWords(req, call.id) : "The call is no longer archived.");
  res.redirect(303, `/calls/${req.params.id}`);
}

/** Archiving the latest missed call of somebody is what the board does with who needs no call. */
function archivedWords(req: CallRequest, id: number): string {
  const { mirror, key } = boardOf(req);
  const caller = findCallers(mirror.calls(key)).find(({ latest }) => latest.id === id);
  if (caller?.state !== "done") return "The call is archived.";
  return `The call is archived: ${nameOf(caller)} waits no longer, and is under “Done” on the board.`;
}

async function dial(req: CallRequest, res: Response): Promise<void> {
  const { client } = boardOf(req);
  const call = await readCall(client, Number(req.params.id));
  const to = inE164(call.raw_digits);
  if (to === null) return showCaller(req, res, { status: 400, dialFault: "This caller withheld their number." });
  const agent = textOf(req, "agent");
  if (!/^\d{1,15}$/.test(agent)) return showCaller(req, res, { status: 400, dialFault: "Choose who calls back." });
  // Taken first, so that of two who send it at once one is warned before anything rings.
  const taking = await takeFor(req, { number: to, agent: Number(agent), anyway: textOf(req, "anyway") === "1" });
  if (taking.holder) return showCaller(req, res, { status: 409, holder: taking.holder, agent: Number(agent) });
  try {
    await client.users.dial(agent, { to });
  } catch (error) {
    await taking.undo();
    if (!(error instanceof ApiError) || error.code !== "agent_unavailable") throw error;
    const dialFault = "They have just become unavailable. Choose somebody else.";
    return showCaller(req, res, { status: 409, dialFault });
  }
  if (taking.by) req.session.lastAgent = taking.by;
  leaveNotice(req, `${call.raw_digits} is in their dialer, ready to call.`);
  res.redirect(303, `/calls/${req.params.id}`);
}
