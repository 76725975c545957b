import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { ApiError, ConnectionError, NotConnectedError, TimeoutError, type AircallClient } from "express-aircall";
import { chosenClient } from "./chosen-company";
import type { Doors } from "./doors";
import type { BoardCompany, CompanyKey } from "./mirror/company";
import type { Mirror } from "./mirror/mirror";

declare module "express-serve-static-core" {
  interface Request {
    /** See {@link boardOf}. */
    board?: OpenBoard;
  }
}

/** The company whose board is looked at, and what is kept of it. */
export interface OpenBoard {
  readonly company: BoardCompany;
  /** What the mirror calls it. */
  readonly key: CompanyKey;
  readonly mirror: Mirror;
  /** For what the visitor waits for. */
  readonly client: AircallClient;
}

/** Opens the visitor's board for the handlers behind it: {@link boardOf}. Mount it behind `requireAircall()`. */
export function openBoard(doors: Doors, mirror: Mirror): RequestHandler {
  return async function openBoard(req, _res, next) {
    const company = await doors.companyOf(req);
    if (!company) throw new NotConnectedError("/auth/aircall");
    await mirror.open(company);
    req.board = { company, key: company.key, mirror, client: chosenClient(req) };
    next();
  };
}

export function boardOf(req: Request): OpenBoard {
  if (!req.board) throw new Error("Mount openBoard() before this handler.");
  return req.board;
}

/** Says on the board what somebody has just met on another page: that Aircall cannot be reached, or is slow. */
export const noteTrouble: ErrorRequestHandler = function noteTrouble(error: unknown, { board }, _res, next) {
  const refused = error instanceof ApiError && error.status >= 500;
  const met = refused || error instanceof ConnectionError || error instanceof TimeoutError;
  if (board && met) board.mirror.noteTrouble(board.key, error).catch(() => undefined);
  next(error);
};
