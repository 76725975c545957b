import type { Request, Response } from "express";
import { propertyOf } from "../errors/property";

/**
 * Whether Express made this request and its answer. Others call middleware too, with a bare request and often with `{}`
 * for an answer: socket.io, connect, polka, an upgrade. They hear of everything through `next`.
 */
export function isOfExpress(req: Request, res: Response): boolean {
  const { baseUrl, app }: Partial<Request> = req;
  const redirect = propertyOf(res, "redirect");
  return typeof baseUrl === "string" && typeof app?.enabled === "function" && typeof redirect === "function";
}
