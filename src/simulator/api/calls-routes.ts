import type { IRouter, Request, RequestHandler, Response } from "express";
import type { Call } from "../data/entities";
import { refuse, sendJson } from "./answers";
import { companyOf } from "./authenticate";
import { sendPage } from "./paginate";
import { readText } from "./read-body";

const commentsPerCall = 5;

export function addCallsRoutes(
  app: IRouter,
  gate: RequestHandler,
  { now, resultCap }: { now: () => number; resultCap: number },
): void {
  app.get("/v1/calls", gate, (req, res) => {
    sendPage(req, res, {
      key: "calls",
      items: companyOf(res).calls,
      createdAt: (call) => call.started_at,
      present: (call) => present(call, req),
      cap: resultCap,
    });
  });

  app.get("/v1/calls/:id", gate, (req, res) => {
    const call = findCall(req, res);
    if (!call) return refuse(res, 404, "There is no call with this id");
    sendJson(req, res, { call: present(call, req) });
  });

  app.post("/v1/calls/:id/comments", gate, (req, res) => {
    const call = findCall(req, res);
    if (!call) return refuse(res, 404, "There is no call with this id");
    const content = withoutEmoji(readText(req, "content"));
    if (!content) return refuse(res, 400, "content is missing");
    if (call.comments.length >= commentsPerCall) return refuse(res, 400, "A call has at most 5 notes");

    const id = call.id * 10 + call.comments.length + 1;
    call.comments.push({ id, content, posted_at: Math.floor(now() / 1000), posted_by: null });
    res.status(201).end();
  });
}

function findCall(req: Request, res: Response): Call | undefined {
  return companyOf(res).calls.find((call) => String(call.id) === req.params["id"]);
}

/** A call with what the query asks for, and without what it does not. */
function present(call: Call, { query }: Request): object {
  return {
    ...call,
    contact: query["fetch_contact"] === "true" ? call.contact : null,
    ...(query["fetch_short_urls"] === "true" && {
      recording_short_url: call.recording,
      voicemail_short_url: call.voicemail,
    }),
    ...(query["fetch_call_timeline"] === "true" && { ivr_options_selected: [] }),
  };
}

function withoutEmoji(text: string): string {
  return text.replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}\u{200D}]/gu, "").trim();
}
