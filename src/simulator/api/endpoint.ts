import type { IRouter, Request, RequestHandler, Response } from "express";
import { bringTo } from "../data/clock";
import type { Company } from "../data/company";
import type { Entitlement } from "../data/entitlements";
import { markAsMessaging, Refusal, sendJson, type Answer } from "./answers";
import { companyOf, oauthOnly } from "./authenticate";
import { createForgetfulness, letForget } from "./empty-answers";
import { readFields, type Fields, type Values } from "./fields";

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Route = `${Method} /${string}`;

/** What a route accepts; everything else that is sent to it is refused. */
interface Accepted<Query extends Fields, Body extends Fields> {
  readonly query?: Query;
  readonly body?: Body;
  /** What the company must have booked. */
  readonly needs?: Entitlement;
  readonly oauthOnly?: true;
}

/** A request that carried what the route accepts. */
export interface Ask<Query extends Fields = Fields, Body extends Fields = Fields> {
  readonly req: Request;
  readonly res: Response;
  readonly company: Company;
  readonly query: Values<Query>;
  readonly body: Values<Body>;
}

/** Adds a route. Its last argument answers by a value, by a `Refusal` thrown, or on `res` itself. */
export type AddEndpoint = <Query extends Fields = Record<never, never>, Body extends Fields = Record<never, never>>(
  route: Route,
  accepted: Accepted<Query, Body>,
  answer: (ask: Ask<Query, Body>) => Answer | void,
) => void;

interface Settings {
  /** UNIX milliseconds: the company is brought to that moment before anything is answered. */
  readonly now: () => number;
  readonly emptyAnswerEvery: number;
}

/** Each request passes `gate` first: no router of its own, for one that is left waits for `setImmediate`, which a test may have stopped. */
export function createEndpoints(app: IRouter, gate: readonly RequestHandler[], settings: Settings): AddEndpoint {
  const forgetsList = createForgetfulness(settings);

  return function endpoint(route, accepted, answer) {
    const [method, path] = route.split(" ") as [Method, string];
    const verb = method.toLowerCase() as Lowercase<Method>;

    app[verb](path, ...gate, ...(accepted.oauthOnly ? [oauthOnly] : []), (req, res) => {
      const company = companyOf(res);
      if (accepted.needs === "messages" || accepted.needs === "whatsapp") markAsMessaging(res);
      requireEntitlement(company, accepted.needs);
      bringTo(company, settings.now());
      letForget(res, forgetsList);
      const query = readFields(accepted.query ?? ({} as never), req.query);
      const body = readFields(accepted.body ?? ({} as never), req.body ?? {});
      const answered = answer({ req, res, company, query, body });
      if (answered) send(req, res, answered);
    });
  };
}

/** The item that the path names by its id. @throws {Refusal} 404 */
export function named<T extends { readonly id: number | string }>(
  items: readonly T[],
  { req }: Pick<Ask, "req">,
  { noun, param = "id" }: { noun: string; param?: string },
): T {
  return found(
    items.find(({ id }) => String(id) === req.params[param]),
    noun,
  );
}

/** @throws {Refusal} 404 when there is none. */
export function found<T>(item: T | undefined, noun: string): T {
  if (item !== undefined) return item;
  throw new Refusal(404, `There is no ${noun} with this id`);
}

/** Takes an item off its list. */
export function take<T>(items: T[], item: T): void {
  items.splice(items.indexOf(item), 1);
}

function requireEntitlement({ entitlements }: Company, needs: Entitlement | undefined): void {
  if (needs === undefined || entitlements[needs]) return;
  throw new Refusal(403, `${needs} is not part of this company's plan`);
}

function send(req: Request, res: Response, { status, body }: Answer): void {
  res.status(status);
  if (body) sendJson(req, res, body);
  else res.end();
}
