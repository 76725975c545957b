import type { Request } from "express";

interface Target {
  readonly path: string;
  /** Without its "?". */
  readonly query: string;
}

/**
 * What a request asks for. A second "//" is never read as a host; a whole URL, which a proxy may send in place of a path
 * (RFC 9112, section 3.2.2), is.
 */
export function targetOf(url: string): Target {
  const target = url.startsWith("/") ? url : pathIn(url);
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** A parameter of this request's query, whatever query parser the app has; null where it is absent or repeated. */
export function parameterOf(req: Request, name: string): string | null {
  const [value = null, ...repeated] = new URLSearchParams(targetOf(req.url).query).getAll(name);
  return repeated.length > 0 ? null : value;
}

/** Makes paths equal that are the same to an app's routes. */
export type PathKey = (path: string) => string;

/** As this app's own routes are compared: see its `case sensitive routing` and `strict routing`. */
export function pathKeyOf({ app }: Pick<Request, "app">): PathKey {
  if (app.enabled("strict routing")) return app.enabled("case sensitive routing") ? asIs : lowerCase;
  return app.enabled("case sensitive routing") ? withoutSlash : loose;
}

const asIs: PathKey = (path) => path;
const lowerCase: PathKey = (path) => path.toLowerCase();
const withoutSlash: PathKey = (path) => (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
const loose: PathKey = (path) => lowerCase(withoutSlash(path));

function pathIn(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}
