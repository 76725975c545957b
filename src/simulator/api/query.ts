import type { Field } from "./fields";
import { flag, wholeNumber, word } from "./kinds";

/** A whole number as a query has it: in digits. */
export function digits(range: { min?: number; max?: number } = {}): Field<number, false> {
  return {
    required: false,
    read: (value, name) =>
      wholeNumber(range).read(typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value, name),
  };
}

export const flagText: Field<boolean, false> = {
  required: false,
  read: (value, name) => flag.read(value === "true" ? true : value === "false" ? false : value, name),
};

/** Ids, the key repeated for each. */
export const manyDigits: Field<readonly number[], false> = {
  required: false,
  read: (value, name) => [value].flat().map((one) => digits({ min: 1 }).read(one, name)),
};

/** Ids with commas between them. */
export const commaDigits: Field<readonly number[], false> = {
  required: false,
  read: (value, name) => manyDigits.read(typeof value === "string" ? value.split(",") : value, name),
};

/** What every list accepts. */
export const pageQuery = { page: digits({ min: 1 }), per_page: digits({ min: 1 }) };

/** What most lists accept. */
export const orderedQuery = { ...pageQuery, order: word("asc", "desc") };

/** What every list by creation date accepts; UNIX seconds. */
export const datedQuery = { ...orderedQuery, from: digits(), to: digits() };
