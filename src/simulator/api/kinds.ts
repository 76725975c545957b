import { Refusal } from "./answers";
import { readFields, type Field, type Fields, type Values } from "./fields";

type Optional<T> = Field<T, false>;

/** Text with something in it. */
export function text({ max = 65_535 } = {}): Optional<string> {
  const filled = (value: unknown) => typeof value === "string" && value.trim() !== "" && value.length <= max;
  return kind(`text that is not blank, of at most ${max} characters`, filled);
}

export function wholeNumber({ min = -Infinity, max = Infinity } = {}): Optional<number> {
  const fits = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return kind(`a whole number${min > -Infinity ? ` from ${min}` : ""}${max < Infinity ? ` to ${max}` : ""}`, fits);
}

export const flag: Optional<boolean> = kind("true or false", (value) => typeof value === "boolean");

export function word<const Word extends string>(...words: readonly Word[]): Optional<Word> {
  return kind(`one of ${words.join(", ")}`, (value) => words.includes(value as Word));
}

export const phoneNumber: Optional<string> = kind("a phone number in E.164 format", (value) =>
  matches(value, /^\+[1-9]\d{6,14}$/),
);

export const hexColor: Optional<string> = kind("a colour such as #3366AA", (value) =>
  matches(value, /^#([\da-f]{3}|[\da-f]{6})$/i),
);

export const email: Optional<string> = kind("an e-mail address", (value) => matches(value, /^[^\s@]+@[^\s@]+$/));

/** Aircall takes https only. We also take http to this machine, so that an app under test can be reached. */
export const webAddress: Optional<string> = kind("an https address", (value) => {
  const url = typeof value === "string" ? URL.parse(value) : null;
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  return url?.protocol === "https:" || (local && url?.protocol === "http:");
});

/** E.g. `2026-11-16`. */
export const day: Optional<string> = kind("a date such as 2026-11-16", (value) => matches(value, /^\d{4}-\d\d-\d\d$/));

export const timeZone: Optional<string> = kind("an IANA time zone such as Europe/Paris", (value) => {
  try {
    return typeof value === "string" && Boolean(new Intl.DateTimeFormat("en", { timeZone: value }));
  } catch {
    return false;
  }
});

/** An object whose properties nobody has pinned down. */
export const record: Optional<Readonly<Record<string, unknown>>> = kind(
  "an object",
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** An id where both spellings are in use: a number, or its digits. */
export const id: Optional<number> = {
  required: false,
  read: (value, name) => wholeNumber({ min: 1 }).read(matches(value, /^\d{1,15}$/) ? Number(value) : value, name),
};

/** An id of which it is not settled whether it is a number or text. */
export const anyId: Optional<number | string> = kind(
  "an id",
  (value) => Number.isSafeInteger(value) || (typeof value === "string" && value !== ""),
);

export function listOf<T>(item: Field<T>, { min = 0, max = Infinity } = {}): Optional<readonly T[]> {
  const isList = kind<readonly unknown[]>(
    `a list${min > 0 ? ` of at least ${min}` : ""}${max < Infinity ? ` of at most ${max}` : ""}`,
    (value) => Array.isArray(value) && value.length >= min && value.length <= max,
  );
  return {
    required: false,
    read: (value, name) => isList.read(value, name).map((one, position) => item.read(one, `${name}[${position}]`)),
  };
}

export function object<F extends Fields>(fields: F): Optional<Values<F>> {
  return { required: false, read: (value, name) => readFields(fields, value, `${name}.`) };
}

export function orNull<T>(field: Field<T>): Optional<T | null> {
  return { required: false, read: (value, name) => (value === null ? null : field.read(value, name)) };
}

function kind<T>(expected: string, accepts: (value: unknown) => boolean): Optional<T> {
  return {
    required: false,
    read(value, name) {
      if (accepts(value)) return value as T;
      throw new Refusal(400, `${name} must be ${expected}`);
    },
  };
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
