import { fields } from "../../../config/fields";
import { ConfigError, StoreError } from "../../../errors/errors";

/** What is called so in errors. */
export const postgresName = "Postgres (what was given to postgresGrants())";

/** Two at once could not both be served: SQLSTATE 40001, 40P01. */
const collisions = ["40001", "40P01"];

/** What an operator can do about it, by SQLSTATE or the class that it begins with. */
const reasons: [code: RegExp, reason: string][] = [
  [/^42P01|^3F000/, "has not the tables of grants: run what `npx express-aircall grants migration` prints"],
  [/^42703/, "has tables of another version: run what `npx express-aircall grants migration` prints"],
  [/^42501/, "keeps a table from its user: GRANT SELECT, INSERT, UPDATE, DELETE on all of them"],
  [/^25006/, "takes no writes here: give the pool of the primary"],
  [/^28|^3D000/, "lets its user not in: look at the user, the password and the database of the pool"],
  [/^53300/, "has no connection left: let the pools of all processes be smaller"],
  [/^53/, "has no room left"],
  [/^57P0|^08/, "is closing or starting"],
];

/**
 * The code of what a client rejected with, and nothing else: Postgres quotes values in its errors, and ORMs quote
 * statements with all their values.
 */
export function codeOnly(error: unknown): Error & { readonly code?: string } {
  const code = codesIn(error).find((each) => /^[\dA-Z]{5}$/.test(each)) ?? codesIn(error).find(isWord);
  const kept = new Error(code ?? "no details");
  kept.name = "PostgresError";
  return code === undefined ? kept : Object.assign(kept, { code });
}

export function isCollision({ code }: { readonly code?: string }): boolean {
  return collisions.includes(code ?? "");
}

/** With the reason, where the code says it; a ConfigError as it was thrown. */
export function explained(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const { cause, operation } = error;
  if (cause instanceof ConfigError) return cause;
  const code = String(fields(cause)["code"]);
  const known = reasons.find(([pattern]) => pattern.test(code));
  return known ? new StoreError(operation, `${postgresName} ${known[1]} (${code})`, { cause }) : error;
}

/** Prisma says the code of Postgres beside its own, Drizzle in the cause. Most telling first. */
function codesIn(error: unknown): string[] {
  const { code, meta } = fields(error);
  const { code: inMeta, driverAdapterError } = fields(meta);
  const all = [fields(causeOf(driverAdapterError))["originalCode"], inMeta, fields(causeOf(error))["code"], code];
  return all.filter((each): each is string => typeof each === "string");
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : fields(error)["cause"];
}

function isWord(code: string): boolean {
  return /^[A-Z][A-Z\d_]{1,39}$/.test(code);
}
