import { ConfigError } from "../errors/errors";
import { fields } from "./fields";
import { type Given, kindOf } from "./values";

/** Aircall's id of a company, a whole number above zero; a text of its digits and a bigint mean the same. */
export type CompanyId = number | bigint | string;

/** A company, wherever one is asked for. */
export type CompanyLike = CompanyId | CompanyRef;

/** A company by the app's own name for it: the id of a tenant, say. At most 200 characters. */
export interface CompanyRef {
  readonly ref: string;
}

/** Which company: Aircall's id, or the app's own name. A tenant 7 is never Aircall's company 7. */
export type CompanyName = number | CompanyRef;

/** How stores and locks call a company: `id:7`, `ref:7`. */
export type CompanyKey = `id:${number}` | `ref:${string}`;

export function companyKey(company: CompanyName): CompanyKey {
  return typeof company === "number" ? `id:${company}` : `ref:${encodeURIComponent(company.ref)}`;
}

export function isCompanyKey(key: string): key is CompanyKey {
  return companyNamed(key) !== null;
}

/** Null for what {@link companyKey} did not make. */
export function companyNamed(key: string): CompanyName | null {
  const id = key.startsWith("id:") ? readCompanyId(key.slice(3)) : null;
  if (id !== null || !key.startsWith("ref:")) return id;
  try {
    return { ref: decodeURIComponent(key.slice(4)) };
  } catch {
    return null;
  }
}

/** Null for everything that names no company. */
export function readCompanyName(value: unknown): CompanyName | null {
  const { ref } = fields(value);
  return isName(ref) ? { ref } : readCompanyId(value);
}

/**
 * {@link readCompanyName} for a company that must be there; see {@link requireCompanyId}.
 * @throws {ConfigError} it is none.
 */
export function requireCompanyName(value: unknown, name: string): CompanyName {
  if (!isReference(value)) return requireCompanyId(value, name);
  const company = readCompanyName(value);
  if (company !== null) return company;
  throw new ConfigError(`${name}: ref must be a text of 1 to ${maxRefLength} characters, such as a tenant's id.`);
}

const maxRefLength = 200;

/** A name of the app's own, for a tenant or something else: 1 to 200 characters, which every store can keep. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxRefLength && isWellFormed(value);
}

/** No half of a surrogate pair: no two names may be written alike. */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

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
    throw new ConfigError(`${name} takes Aircall's own company id, such as 1234, and no tenant of yours as { ref }.`);
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
