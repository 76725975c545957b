import { join, sep } from "node:path";
import { AircallError } from "../errors/errors";
import { withStack } from "../errors/of-request";

/** Where the developer called; formatted when it is read. Null in production. */
export type CallSite = { readonly stack?: string } | null;

const production = process.env["NODE_ENV"] === "production";
/** None in a bundle, where nothing tells our frames from the app's. With source maps frames name the sources. */
const own = foldersAround(typeof __dirname === "string" ? __dirname : "");

/** A stack trace takes about ten microseconds: too long for every call in production. */
export function callSite(): CallSite {
  if (production) return null;
  const site = {};
  Error.captureStackTrace(site, callSite);
  return site;
}

/** The same error, whose stack goes on where the developer called. A copy, for others may have been given the same. */
export function calledFrom(error: unknown, site: CallSite): unknown {
  if (!site || !(error instanceof AircallError)) return error;
  const [nearest, ...others] = framesOf(site);
  if (nearest === undefined || error.stack?.includes(nearest)) return error;
  return withStack(error, [error.stack ?? String(error), nearest, ...others].join("\n"));
}

/** The same promise, whose errors tell where it was asked for. */
export function fromHere<T>(work: () => Promise<T>): Promise<T> {
  const site = callSite();
  return site === null ? work() : located(work(), site);
}

export function located<T>(promise: Promise<T>, site: CallSite): Promise<T> {
  if (site === null) return promise;
  return promise.catch((error: unknown) => {
    throw calledFrom(error, site);
  });
}

function foldersAround(here: string): string[] {
  const [, root] = /^(.*[\\/])(?:dist|src)[\\/]http$/.exec(here) ?? [];
  return root === undefined ? [] : ["dist", "src"].map((folder) => join(root, folder) + sep);
}

/** The frames from the first that is neither ours nor Node's on. */
function framesOf(site: NonNullable<CallSite>): string[] {
  const frames = (site.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  const first = frames.findIndex(
    (frame) => !frame.includes("node:internal") && !own.some((path) => frame.includes(path)),
  );
  return first === -1 ? [] : frames.slice(first);
}
