import { createHash } from "node:crypto";
import { fields } from "../config/fields";
import { sha256 } from "../config/sha256";
import { ConfigError } from "../errors/errors";
import type { Route } from "../http/route";

/** How far a walk has come. */
export interface Progressed {
  /** UNIX seconds of what was handed out last; null in a list that is not walked by time. */
  readonly edge: number | null;
  /** What was handed out of that second; everything so far where there is no such second. */
  readonly ids: readonly ItemId[];
  /** The end of the walk, UNIX seconds; null without one. */
  readonly to: number | null;
  readonly fetched: number;
  readonly total: number | null;
}

export type ItemId = number | string;

/** What a later walk may choose anew. */
const pageSizes = ["per_page", "limit"];

/** Says which list with which query a cursor belongs to. Of whom the query is about it holds a hint only. */
export function describeQuery({ template, path }: Route, query: object): string {
  const facts = Object.entries(fields(query))
    .filter(([name, value]) => !pageSizes.includes(name) && value !== undefined && value !== null)
    .map(([name, value]) => [name, isPersonal(name, value) ? hint(value) : value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([template, path.replace(/[^/]*@[^/]*/g, hint), facts]);
}

/** A text that tells where a walk stands. Holds times, ids and counts, nothing else. */
export function writeCursor(query: string, { edge, ids, to, fetched, total }: Progressed): string {
  const place = Buffer.from(JSON.stringify([edge, ids, to, fetched, total])).toString("base64url");
  return `${place}.${seal(query, place)}`;
}

/** @throws {ConfigError} when it is damaged, or of another query. */
export function readCursor(query: string, cursor: unknown): Progressed {
  const [place = "", sealed, ...more] = typeof cursor === "string" ? cursor.split(".") : [];
  const known = more.length === 0 && sealed === seal(query, place) ? readFields(place) : null;
  if (!known) {
    throw new ConfigError(
      "cursor: this is no cursor of this list and query. Pass what `cursor` of the walk answered, with the same query.",
    );
  }
  const [edge, ids, to, fetched, total] = known;
  return { edge, ids, to, fetched, total };
}

type Fields = [edge: number | null, ids: ItemId[], to: number | null, fetched: number, total: number | null];

function readFields(place: string): Fields | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(place, "base64url").toString("utf8"));
    return isFields(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const parts: readonly unknown[] = value;
  const [edge, ids, to, fetched, total] = parts;
  const isItemId = (id: unknown) => typeof id === "string" || Number.isFinite(id);
  const numbers = [edge ?? 0, to ?? 0, fetched, total ?? 0];
  return numbers.every(Number.isFinite) && Array.isArray(ids) && ids.every(isItemId);
}

/** No secret is needed: whoever makes a cursor up still gets nothing but what its query asks for, see `makePlan`. */
function seal(query: string, place: string): string {
  return sha256(`${query} ${place}`).slice(0, 12);
}

/**
 * Tells one from another 255 times in 256. A phone number or an e-mail address could be guessed from more of its digest.
 */
function hint(personal: unknown): string {
  return `…${createHash("sha256").update(String(personal)).digest("hex").slice(0, 2)}`;
}

/** Words such as `desc` stay. */
function isPersonal(name: string, value: unknown): boolean {
  return name === "phone_number" || (typeof value === "string" && !/^[a-z_]{0,32}$/i.test(value));
}
