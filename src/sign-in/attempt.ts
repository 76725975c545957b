import { randomBytes as secureRandomBytes, timingSafeEqual } from "node:crypto";
import { parseCookie } from "cookie";
import type { SignInConfig } from "../config/config";
import { createSeal, type Seal } from "../grants/seal";
import { fields } from "../config/fields";
import { sha256 } from "../config/sha256";
import { appOf, createCookies } from "./cookies";

const lifeMs = 10 * 60_000;
const mostAttempts = 5;

/** One person's way from "connect" to the callback. It lives in their browser, sealed, and nowhere else. */
export interface Attempt {
  readonly state: string;
  /** PKCE (RFC 7636); null when it is off. */
  readonly codeVerifier: string | null;
  /** Where they wanted to go: a path on this origin. */
  readonly returnTo: string | null;
  /** Adds a company to those the session has, in place of replacing them. */
  readonly add: boolean;
  /** Begun from Aircall's dashboard: it ends on Aircall's own success page. */
  readonly install: boolean;
  /** The app's own name for the company that is to connect, where it has one. */
  readonly ref?: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

type RandomBytes = (size: number) => Buffer;

export type AttemptWish = Pick<Attempt, "returnTo" | "add" | "install" | "ref">;

export interface Attempts {
  /** A fresh attempt, and the Set-Cookie lines that keep it. The oldest of more than five goes. */
  start(cookieHeader: string | undefined, wish: AttemptWish): { attempt: Attempt; setCookies: string[] };
  /** The attempt this browser began with this state; null when it did not, or longer than ten minutes ago. */
  find(cookieHeader: string | undefined, state: string): Attempt | null;
  /** The states of the other attempts that this browser is at. */
  others(cookieHeader: string | undefined, state: string): string[];
  /** The Set-Cookie line that ends it. */
  end(state: string): string;
}

export function createAttempts(
  config: SignInConfig,
  { now = Date.now, randomBytes = secureRandomBytes } = {},
): Attempts {
  const cookies = createCookies(config);
  const prefix = `${cookies.nameOf("attempt")}_`;
  const seal = createAttemptSeal(config, randomBytes);

  function nameOf(state: string): string {
    return prefix + sha256(state).slice(0, 12);
  }

  function read(name: string, sealed: string | undefined): Attempt | null {
    const text = sealed === undefined ? null : seal.open(sealed, name);
    const attempt: unknown = text === null ? null : JSON.parse(text);
    return isAttempt(attempt) && now() - attempt.startedAt < lifeMs ? attempt : null;
  }

  function cookiesOfOurs(cookieHeader: string | undefined): [name: string, sealed: string | undefined][] {
    return Object.entries(parseCookie(cookieHeader ?? "")).filter(([name]) => name.startsWith(prefix));
  }

  function surplus(cookieHeader: string | undefined): string[] {
    const ours = cookiesOfOurs(cookieHeader);
    const attempts = ours.map(([name, sealed]) => ({ name, startedAt: read(name, sealed)?.startedAt ?? 0 }));
    const newestFirst = attempts.sort((one, other) => other.startedAt - one.startedAt);
    return newestFirst
      .filter(({ startedAt }, index) => !startedAt || index >= mostAttempts - 1)
      .map(({ name }) => name);
  }

  return {
    start(cookieHeader, wish) {
      const attempt = newAttempt(config, wish, { startedAt: now(), randomBytes });
      const name = nameOf(attempt.state);
      const kept = cookies.keep(name, seal.close(JSON.stringify(attempt), name), lifeMs);
      return { attempt, setCookies: [...surplus(cookieHeader).map((old) => cookies.remove(old)), kept] };
    },
    find(cookieHeader, state) {
      const name = nameOf(state);
      const attempt = read(name, parseCookie(cookieHeader ?? "")[name]);
      return attempt && sameText(attempt.state, state) ? attempt : null;
    },
    others(cookieHeader, state) {
      const attempts = cookiesOfOurs(cookieHeader).map(([name, sealed]) => read(name, sealed));
      return attempts.flatMap((attempt) => (attempt && attempt.state !== state ? [attempt.state] : []));
    },
    end: (state) => cookies.remove(nameOf(state)),
  };
}

/** What our own seal has closed needs no closer look. */
export function isAttempt(value: unknown): value is Attempt {
  const { state, startedAt } = fields(value);
  return typeof state === "string" && typeof startedAt === "number";
}

export function newAttempt(
  { pkce }: Pick<SignInConfig, "pkce">,
  wish: AttemptWish,
  { startedAt, randomBytes = secureRandomBytes }: { readonly startedAt: number; readonly randomBytes?: RandomBytes },
): Attempt {
  const random = () => randomBytes(32).toString("base64url");
  return { ...wish, state: random(), codeVerifier: pkce ? random() : null, startedAt };
}

/** Opens too what was closed before the client's secret was changed. */
export function createAttemptSeal(config: SignInConfig, randomBytes = secureRandomBytes): Seal {
  const sealWith = (secret: string) => createSeal(secret, `attempt ${appOf(config)}`, { randomBytes });
  const current = sealWith(config.client.secret);
  const previous = config.previousClientSecret === null ? null : sealWith(config.previousClientSecret);
  return {
    close: (text, context) => current.close(text, context),
    open: (sealed, context) => current.open(sealed, context) ?? previous?.open(sealed, context) ?? null,
  };
}

export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
