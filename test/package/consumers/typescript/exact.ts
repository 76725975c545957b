import type {
  aircallAuth,
  AircallClient,
  AircallErrorCode,
  aircallErrors,
  aircallWebhooks,
  AircallStrategy,
  createAircallClient,
  guardSessionStore,
  memoryGrants,
  migrateGrants,
  redisGrants,
  RequestAircall,
  requireAircall,
  sessionGrants,
} from "express-aircall";
import type { createSimulator } from "express-aircall/simulator";

/** What may be left out may be undefined: `{ signal: maybe }` compiles under `exactOptionalPropertyTypes` too. */
type Rows<Noun> = {
  [Verb in keyof Noun]: Noun[Verb] extends (...args: infer A) => unknown ? Strict<A[number]> : never;
};
type Nouns = Omit<AircallClient, "budget">;
type OfNouns = {
  [Noun in keyof Nouns]: Nouns[Noun] extends (...args: infer A) => unknown
    ? Strict<A[number]>
    : Rows<Nouns[Noun]>[keyof Rows<Nouns[Noun]>];
};
type Doors = Strict<
  | Parameters<typeof aircallAuth>[0]
  | Parameters<typeof aircallErrors>[0]
  | Parameters<typeof aircallWebhooks>[0]
  | Parameters<typeof createAircallClient>[0]
  | Parameters<typeof createSimulator>[0]
  | Parameters<typeof guardSessionStore>[1]
  | Parameters<typeof memoryGrants>[0]
  | Parameters<typeof migrateGrants>[1]
  | Parameters<typeof redisGrants>[1]
  | Parameters<typeof requireAircall>[0]
  | Parameters<typeof sessionGrants>[1]
  | ConstructorParameters<typeof AircallStrategy>[0]
>;

/** The members of a union that refuse undefined where they may be left out. */
type Strict<T> = T extends unknown ? (Loose<T> extends T ? never : T) : never;
type Plain =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | AbortSignal
  | ((...args: never) => unknown);
type Loose<T> = T extends Plain
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : { [Name in keyof T]: object extends Pick<T, Name> ? Loose<T[Name]> | undefined : Loose<T[Name]> };

export const strictRows: OfNouns[keyof OfNouns][] = [];
export const noStrictRow: never[] = strictRows;
export const strictDoors: Doors[] = [];
export const noStrictDoor: never[] = strictDoors;

type Union<T> = string extends T ? never : T;
export const codeIsOneOfThem: Union<AircallErrorCode> = "not_connected";
// @ts-expect-error -- there is no such code
export const misspelt: AircallErrorCode = "not_conected";

declare const client: RequestAircall;
declare const maybe: { signal: AbortSignal | undefined; from: Date | undefined; word: string | undefined };

export const compiled = [
  () => client.calls.list({ from: maybe.from }, { signal: maybe.signal }),
  () => client.as(7).calls.iterate({ to: maybe.from }, { signal: maybe.signal, cursor: maybe.word }),
  () => client.contacts.update(7, { first_name: maybe.word }),
  () => client.withOptions({ signal: maybe.signal }),
  () => client.request("GET", "/v1/calls", { signal: maybe.signal }),
];
