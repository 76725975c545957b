import { ConfigError } from "../errors/errors";
import { type Given, kindOf } from "./values";

/** Aircall's id of a company, a whole number above zero; a text of its digits and a bigint mean the same. */
export type CompanyId = number | bigint | string;

/** The id as Aircall's answers carry it; null for everything that is none. */
export function readCompanyId(value: unknown): number | null {
  const id = isDigits(value) || typeof value === "bigint" ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : null;
}

/**
 * {@link readCompanyId} for an id that must be there. `name` is how errors call where it stands, e.g. `as(companyId)`.
 * @throws {ConfigError} it is none.
 */
export function requireCompanyId(value: unknown, name: string): number {
  const id = readCompanyId(value);
  if (id !== null) return id;
  if (isReference(value)) {
    throw new ConfigError(
      `${name} takes Aircall's own company id, such as 1234; a tenant as { ref } is not known here.`,
    );
  }
  throw new ConfigError(
    `${name} is no Aircall company id: give a number above 0, or its digits as text, such as 1234; got ${kindOf(value)}.`,
  );
}

/** A list of companies, at least one. */
export function companyIds({ value, name }: Given): ReadonlySet<number> {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ConfigError(
      `${name} must list at least one Aircall company id, such as [1234]; leave it out to let all in.`,
    );
  }
  return new Set(Array.from(value, (id: unknown, index) => requireCompanyId(id, `${name}, [${index}],`)));
}

/** Written as Aircall and databases write it: no sign, no blank, no zero in front. */
function isDigits(value: unknown): value is string {
  return typeof value === "string" && /^[1-9]\d{0,15}$/.test(value);
}

function isReference(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "ref");
}
