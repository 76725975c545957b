import { Refusal } from "./answers";

/** What one property of a body, or one parameter of a query, may be. */
export interface Field<T, Needed extends boolean = boolean> {
  /** @throws {Refusal} 400 that names the field when the value is something else. */
  readonly read: (value: unknown, name: string) => T;
  readonly required: Needed;
}

/** All that a route accepts, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type Value<F> = F extends Field<infer T> ? T : never;

/** What was sent, once it has been read. */
export type Values<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends Field<unknown, true> ? Name : never]: Value<F[Name]>;
} & {
  readonly [Name in keyof F as F[Name] extends Field<unknown, true> ? never : Name]?: Value<F[Name]>;
};

export function required<T>({ read }: Field<T>): Field<T, true> {
  return { read, required: true };
}

/**
 * Reads what was sent as the fields say. `path` stands before the names in refusals, for fields inside fields.
 * @throws {Refusal} 400 that names the field: unknown, missing, or something else than it may be.
 */
export function readFields<F extends Fields>(fields: F, sent: unknown, path = ""): Values<F> {
  if (!isRecord(sent)) throw new Refusal(400, `${path.replace(/\.$/, "") || "The body"} must be a JSON object`);

  const stray = Object.keys(sent).find((name) => !Object.hasOwn(fields, name));
  if (stray !== undefined) throw new Refusal(400, `${path}${stray} is not known here`);

  const read = Object.entries(fields).flatMap(([name, field]) => {
    if (sent[name] !== undefined) return [[name, field.read(sent[name], path + name)]];
    if (field.required) throw new Refusal(400, `${path}${name} is missing`);
    return [];
  });
  return Object.fromEntries(read) as Values<F>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
