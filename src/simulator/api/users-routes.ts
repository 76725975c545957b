import type { IRouter, Request, RequestHandler, Response } from "express";
import type { User } from "../data/entities";
import { refuse, sendJson } from "./answers";
import { companyOf } from "./authenticate";
import { sendPage } from "./paginate";
import { readProperty, readText } from "./read-body";

/** Something a user was asked to dial. */
export interface Dial {
  /** `dial` fills in the dialer; `call` starts the call at once. */
  readonly kind: "dial" | "call";
  readonly companyId: number;
  readonly userId: number;
  /** E.164. */
  readonly to: string;
  /** The Aircall number to call from; null for `dial`. */
  readonly numberId: number | null;
  /** UNIX milliseconds. */
  readonly at: number;
}

export function addUsersRoutes(
  app: IRouter,
  gate: RequestHandler,
  { now, dials }: { now: () => number; dials: Dial[] },
): void {
  app.get("/v2/users", gate, (req, res) => {
    const createdAt = (user: User) => Math.floor(Date.parse(user.created_at) / 1000);
    sendPage(req, res, { key: "users", items: companyOf(res).users, createdAt });
  });

  app.get("/v2/users/:id", gate, (req, res) => {
    const user = findUser(req, res);
    if (!user) return refuse(res, 404, "There is no user with this id or e-mail address");
    sendJson(req, res, { user });
  });

  app.post("/v1/users/:id/dial", gate, knownUser, validTo, availableUser, (req, res) => {
    accept(req, res, { kind: "dial", numberId: null });
  });

  app.post("/v1/users/:id/calls", gate, knownUser, validTo, ownNumber, availableUser, (req, res) => {
    accept(req, res, { kind: "call", numberId: readProperty(req, "number_id") as number });
  });

  function accept(req: Request, res: Response, dial: Pick<Dial, "kind" | "numberId">): void {
    dials.push({ ...dial, companyId: companyOf(res).id, userId: userOf(res).id, to: readText(req, "to"), at: now() });
    res.status(204).end();
  }
}

const knownUser: RequestHandler = function knownUser(req, res, next) {
  res.locals["user"] = findUser(req, res);
  if (res.locals["user"]) return next();
  refuse(res, 404, "There is no user with this id");
};

const validTo: RequestHandler = function validTo(req, res, next) {
  if (/^\+[1-9]\d{6,14}$/.test(readText(req, "to"))) return next();
  refuse(res, 400, "to must be a phone number in E.164 format");
};

const ownNumber: RequestHandler = function ownNumber(req, res, next) {
  const number = companyOf(res).numbers.find(({ id }) => id === readProperty(req, "number_id"));
  if (number?.users.some(({ id }) => id === userOf(res).id)) return next();
  refuse(res, 400, "number_id must be a number the user is assigned to");
};

const availableUser: RequestHandler = function availableUser(_req, res, next) {
  if (userOf(res).available) return next();
  refuse(res, 405, "The user is currently unavailable");
};

function userOf(res: Response): User {
  return res.locals["user"] as User;
}

function findUser(req: Request, res: Response): User | undefined {
  const wanted = req.params["id"];
  return companyOf(res).users.find((user) => String(user.id) === wanted || user.email === wanted);
}
