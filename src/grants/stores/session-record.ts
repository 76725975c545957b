import { fields } from "../../config/fields";

/** What is kept under a grant's id among the app's sessions. */
export interface SessionGrantRecord {
  /** See {@link GrantText}. */
  readonly grant: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** Which links lead to it; null where each is a record of its own. */
  readonly links: readonly string[] | null;
  /** Only in records that were kept before there were links. */
  readonly lifeMs?: number;
}

/** Null when it has ended, or is not one of ours. */
export function readGrantRecord(value: unknown, at: number): SessionGrantRecord | null {
  const { grant, endsAt, lifeMs, links = null } = fields(value);
  if (typeof grant !== "string" || typeof endsAt !== "number" || endsAt <= at) return null;
  if (links !== null && !isTexts(links)) return null;
  return { grant, endsAt, links, ...(typeof lifeMs === "number" && { lifeMs }) };
}

/** What a sealed grant is bound to beside the company: it can be read nowhere else, no longer, and by no other link. */
export function sealedWith(id: string, { endsAt, links, lifeMs }: Omit<SessionGrantRecord, "grant">): string {
  return lifeMs === undefined ? `${id} ${endsAt} ${links?.join(" ") ?? "-"}` : `${id} ${lifeMs} ${endsAt}`;
}

/** A link that is a record of its own: it names its grant, since its key is only a hash. */
export interface LinkRecord {
  readonly to: string;
  readonly endsAt: number;
}

export function leadsTo(id: string, value: unknown, at: number): value is LinkRecord {
  const { to, endsAt } = fields(value);
  return to === id && typeof endsAt === "number" && endsAt > at;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
