import { propertyOf } from "../errors/property";
import { ConfigError } from "../errors/errors";
import { cleanText } from "../errors/clean-text";

/** One setting as somebody gave it. */
export interface Given {
  readonly value: unknown;
  /** How its source calls it: `CallbackURL (option callbackUrl)`, `AIRCALL_CALLBACK_URL`. */
  readonly name: string;
  /** Written as text (a connection string, a variable), not handed over as an option. */
  readonly fromText: boolean;
}

/** Turns what was given into a value the library can rely on, or throws a ConfigError. */
export type Reader<T> = (given: Given) => T;

/** Text that may travel in a header. Its errors never show it: it may be a secret. */
export function text({ value, name }: Given): string {
  if (typeof value !== "string") throw new ConfigError(`${name} must be text; got ${kindOf(value)}.`);
  if (value.trim() === "") throw new ConfigError(`${name} is empty. Give it a value, or leave it out.`);
  if (/[\p{Cc}\p{Cs}]/u.test(value)) {
    throw new ConfigError(`${name} holds a line break or another character that cannot be sent. Remove it.`);
  }
  return value;
}

/** RFC 7617, section 2: the first colon ends the user name. */
export function basicUser(given: Given): string {
  const user = text(given);
  if (user.includes(":")) throw new ConfigError(`${given.name} must not contain ":". Put the API token in Password.`);
  return user;
}

/** RFC 6750 section 2.1, a little wider: visible ASCII. */
export function bearerToken(given: Given): string {
  const token = text(given);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ConfigError(`${given.name} holds a blank or a letter no access token has. Copy it again.`);
}

/** RFC 6265 section 4.1.1. */
export function cookieName({ value, name }: Given): string {
  if (typeof value === "string" && /^[!#$%&'*+.^_`|~\w-]+$/.test(value)) return value;
  throw new ConfigError(`${name} must be the name of a cookie, such as __session; got ${shown(value)}.`);
}

export function oneOf<T extends string>(...allowed: readonly T[]): Reader<T> {
  return function oneOf({ value, name }) {
    const wanted = typeof value === "string" ? value.toLowerCase() : null;
    const found = allowed.find((candidate) => candidate.toLowerCase() === wanted);
    if (found !== undefined) return found;
    throw new ConfigError(`${name} must be ${listOf(allowed, "or")}; got ${shown(value)}.`);
  };
}

/** A number, or a text of digits, above zero. */
export function positive(unit: string, most: number): Reader<number> {
  return function positive({ value, name }) {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && number > 0 && number <= most) return number;
    throw new ConfigError(`${name} must be a number of ${unit}, above 0 and at most ${most}; got ${shown(value)}.`);
  };
}

const longestTimerMs = 2 ** 31 - 1;
const inSeconds = positive("seconds", Math.floor(longestTimerMs / 1000));
const inMilliseconds = positive("milliseconds", longestTimerMs);

/** Milliseconds: the property is in seconds, the option is not. */
export function timeout(given: Given): number {
  return given.fromText ? inSeconds(given) * 1000 : Math.ceil(inMilliseconds(given));
}

export function flag({ value, name }: Given): boolean {
  if (typeof value === "boolean") return value;
  throw new ConfigError(`${name} must be true or false; got ${shown(value)}.`);
}

export function fetchFunction({ value, name }: Given): typeof globalThis.fetch {
  if (isFetch(value)) return value;
  throw new ConfigError(`${name} must be a function like the global fetch; got ${kindOf(value)}.`);
}

function isFetch(value: unknown): value is typeof globalThis.fetch {
  return typeof value === "function";
}

/** What undici, of whichever version, sends requests through. */
export interface DispatcherLike {
  dispatch(options: object, handler: object): boolean;
}

export function dispatcher({ value, name }: Given): DispatcherLike {
  if (isDispatcher(value)) return value;
  throw new ConfigError(
    `${name} must be a dispatcher of undici's, such as new ProxyAgent(url) or new MockAgent(); got ${kindOf(value)} ` +
      "without dispatch(). Where undici has none, as in Bun, give fetch.",
  );
}

export function isDispatcher(value: unknown): value is DispatcherLike {
  return typeof propertyOf(value, "dispatch") === "function";
}

/** The data source's profile file, which other tools need and we only check: `C:\profiles\AirCall.apip`. */
export function profile({ value, name }: Given): string {
  if (typeof value === "string" && /^(?:.*[\\/])?aircall(?:\.apip)?$/is.test(value)) return value;
  throw new ConfigError(`${name} names another product. Give AirCall.apip, or leave it out.`);
}

/** `a, b and c`. */
export function listOf(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** What a value is, without saying it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return "text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** One plain word at most: where a `;` was forgotten, longer text holds the next pair, and maybe its secret. */
function shown(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && /^[\w.-]{1,30}$/.test(value) ? `"${cleanText(value)}"` : kindOf(value);
}
