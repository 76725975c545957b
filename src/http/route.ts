import { ConfigError } from "../errors";
import { encodeQuery } from "./query";

const methods = ["GET", "POST", "PUT", "DELETE"] as const;

export type Method = (typeof methods)[number];

/** Where a request goes. Made only by the functions below, so that no parameter leaves its segment. */
export interface Route {
  readonly method: Method;
  /** Encoded, beginning with `/`. */
  readonly path: string;
  /** For errors and events: the same with every parameter as `:id`, e.g. `GET /v1/calls/:id`. */
  readonly template: string;
  /** What a good answer holds, where that is a list. */
  readonly list?: ListShape;
}

/** The property that holds the list; `bare` where the answer may also be the list itself. */
export interface ListShape {
  readonly key: string;
  readonly bare?: boolean;
}

/** route`GET /v1/calls/${id}`: every value becomes exactly one path segment, or a ConfigError. */
export function route(parts: TemplateStringsArray, ...values: readonly (string | number)[]): Route {
  const template = parts.join(":id");
  const [method, start] = parts[0]!.split(" ", 2) as [Method, string];
  let path = start;
  for (const [index, value] of values.entries()) path += encodeSegment(value, template) + parts[index + 1]!;
  return { method, path, template };
}

/** The same route, whose answer is asked for again where it comes without its list. */
export function ofList(target: Route, list: ListShape): Route {
  return { ...target, list };
}

/** A route someone else wrote: held to the same rules, segment by segment. */
export function rawRoute(method: Method, path: string, query: object = {}): Route {
  if (!methods.includes(method)) throw new ConfigError(`request(): the method must be one of ${methods.join(", ")}.`);
  const segments = splitPath(path).map((segment) => encodeSegment(segment, "request()"));
  const template = `${method} /${segments.map(maskSegment).join("/")}`;
  return withQuery({ method, path: `/${segments.join("/")}`, template }, query);
}

/** The same route with a query, for the few that take one beside a body. */
export function withQuery(target: Route, query: object): Route {
  const search = encodeQuery(query);
  return { ...target, path: target.path + (search && `?${search}`) };
}

function encodeSegment(value: unknown, template: string): string {
  if (!fitsOneSegment(value)) {
    throw new ConfigError(
      `${template}: a path segment must be a whole number from 0 or a text; not empty, "." or "..", ` +
        "and without control characters or broken Unicode.",
    );
  }
  if (typeof value === "number") return String(value);
  // Aircall finds a user by e-mail only while the @ stands as it is.
  return encodeURIComponent(value).replaceAll("%40", "@");
}

function fitsOneSegment(value: unknown): value is string | number {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0;
  return typeof value === "string" && !/^\.{0,2}$|[\p{Control}\p{Surrogate}]/u.test(value);
}

function splitPath(path: unknown): string[] {
  if (typeof path !== "string" || !path.startsWith("/") || /[\\?#]/.test(path)) {
    throw new ConfigError(
      'request(): the path must begin with "/", e.g. "/v1/calls", and hold no host, backslash, "?" or "#". ' +
        "Parameters go into the query option.",
    );
  }
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw new ConfigError("request(): the path holds a % that begins no valid escape.");
  }
}

/** Keeps words and the API version; anything else may name somebody. */
function maskSegment(segment: string): string {
  return /^(?:v\d|[a-z_-]+)$/i.test(segment) ? segment : ":id";
}
