import type { Request, RequestHandler } from "express";
import { textOf } from "../form";
import { longestComment } from "./comment-text";

declare module "express-session" {
  interface SessionData {
    /** A comment that was sent and is not saved yet. */
    draft?: { readonly call: string; readonly content: string };
  }
}

/**
 * Keeps what somebody wrote until Aircall has taken it: through a fault, and through connecting again. Mount it behind
 * the reader of forms and before `requireAircall()`.
 */
export const keepDraft: RequestHandler = function keepDraft(req, res, next) {
  const call = req.params["id"];
  const content = textOf(req, "content").slice(0, longestComment);
  if (typeof call === "string" && /^\d+$/.test(call) && content) {
    req.session.draft = { call, content };
    res.locals["kept"] = `/calls/${call}`;
  }
  next();
};

export function draftOf({ session }: Request, call: number): string {
  return session.draft?.call === String(call) ? session.draft.content : "";
}

export function dropDraft({ session }: Request): void {
  delete session.draft;
}
