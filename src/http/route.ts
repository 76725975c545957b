import { ArgumentError, ConfigError } from "../errors/errors";
import { encodeQuery } from "./query";
import { encodeSegment } from "./path-segment";

/** What Aircall's endpoints are asked with. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE"];

/** Where a request goes. Made only by the functions below, so that no parameter leaves its segment. */
export interface Route {
  readonly method: Method;
  /** Encoded, beginning with `/`. */
  readonly path: string;
  /** For errors and events: the same with every parameter as `:id`, e.g. `GET /v1/calls/:id`. */
  readonly template: string;
  /** What a good answer holds, where that is a list. */
  readonly list?: ListShape;
  /** Why there is no such path: what asks for it rejects with this. */
  readonly refusal?: Error;
}

/** Of a record. The ids of Aircall are numbers in one place and texts in another. */
export type Id = number | string;

/** The property that holds the list; `bare` where the answer may also be the list itself. */
export interface ListShape {
  readonly key: string;
  readonly bare?: boolean;
  /** What `per_page` may be at most. Default 50. */
  readonly maxPerPage?: number;
}

/** route`GET /v1/calls/${id}`: every value becomes exactly one path segment, or the route's refusal. */
export function route(parts: TemplateStringsArray, ...values: readonly Id[]): Route {
  const template = parts.join(":id");
  const [method, start] = parts[0]!.split(" ", 2) as [Method, string];
  let path = start;
  try {
    for (const [index, value] of values.entries()) {
      path += encodeSegment(value, `${template}: ${nameId(index, values.length)}`) + parts[index + 1]!;
    }
  } catch (error) {
    return { method, path, template, refusal: refusalOf(error) };
  }
  return { method, path, template };
}

/** The same route, whose answer is asked for again where it comes without its list. */
export function ofList(target: Route, list: ListShape): Route {
  return { ...target, list };
}

/** A route someone else wrote: held to the same rules, segment by segment. */
export function rawRoute(method: Method, path: string, query: object = {}): Route {
  if (!methods.includes(method)) throw new ConfigError(`request(): the method must be one of ${methods.join(", ")}.`);
  const segments = splitPath(path).map((segment) => encodeSegment(segment, "request(): a segment of the path"));
  const template = `${method} /${segments.map(maskSegment).join("/")}`;
  return withQuery({ method, path: `/${segments.join("/")}`, template }, query);
}

/** The same route with a query, for the few that take one beside a body. */
export function withQuery(target: Route, query: object): Route {
  try {
    const search = encodeQuery(query);
    return { ...target, path: target.path + (search && `?${search}`) };
  } catch (error) {
    return { refusal: refusalOf(error), ...target };
  }
}

/** Code of the developer's that an argument runs may throw anything. */
function refusalOf(error: unknown): Error {
  return error instanceof Error ? error : new Error("An argument cannot be read.", { cause: error });
}

function nameId(index: number, count: number): string {
  return count === 1 ? "the id" : `the ${index === 0 ? "first" : "second"} id`;
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
    throw new ArgumentError("request(): the path holds a % that begins no valid escape.");
  }
}

/** Keeps words, the API version and the one word with a digit; anything else may name somebody. */
function maskSegment(segment: string): string {
  return /^(?:v\d|[a-z_-]+|a2p_campaign_associations)$/i.test(segment) ? segment : ":id";
}
