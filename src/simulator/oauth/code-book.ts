import type { Grant } from "./token-book";

const lifeMs = 600_000;

/** An authorization code and what it was given for. */
export interface Code {
  readonly companyId: number;
  readonly redirectUri: string;
  /** S256; null when the app did not ask for PKCE. */
  readonly challenge: string | null;
  /** UNIX milliseconds. */
  readonly expiresAt: number;
  /** What it was exchanged for; null until then. */
  grant: Grant | null;
}

export interface CodeBook {
  issue(code: Pick<Code, "companyId" | "redirectUri" | "challenge">): string;
  /** Null when there is no such code or its ten minutes are over. */
  find(code: string): Code | null;
}

export function createCodeBook({ now, randomToken }: { now: () => number; randomToken: () => string }): CodeBook {
  const codes = new Map<string, Code>();

  return {
    issue(code) {
      const name = randomToken();
      codes.set(name, { ...code, expiresAt: now() + lifeMs, grant: null });
      return name;
    },
    find(name) {
      const code = codes.get(name);
      return code && now() < code.expiresAt ? code : null;
    },
  };
}
