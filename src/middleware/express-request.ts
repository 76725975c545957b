import type { Request, Response } from "express";

/**
 * Whether Express made this request and its answer. Others call middleware too, with a bare request and often with `{}`
 * for an answer: socket.io, connect, polka, an upgrade. They hear of everything through `next`.
 */
export function isOfExpress(req: Request, res: Partial<Response> | null | undefined): boolean {
  const { baseUrl, app }: Partial<Request> = req;
  return typeof baseUrl === "string" && typeof app?.enabled === "function" && typeof res?.redirect === "function";
}
