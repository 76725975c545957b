import type { BasicConfig } from "../config/config";
import { ApiError } from "../errors/errors";
import { withDeadline } from "../time/deadline";
import { createApi } from "./api";
import type { HttpParts } from "../http/parts";
import { keyBudget, keyCredential } from "../grants/api-key";
import type { Probe, TokenSource } from "../http/credential";
import { ping, pingRoute } from "../resources/ping";

const probeEveryMs = 60_000;
const probeTimeoutMs = 5_000;
const noRate = { limit: null, remaining: null, resetAt: null };

/**
 * One company's API ID and token. A refusal that concerns the pair itself is an ApiError `credentials_refused`; whether
 * Aircall still accepts it is asked at most once a minute, for all requests.
 */
export function basicTokens(
  { user, password }: Pick<BasicConfig, "user" | "password">,
  probe: Probe,
  { now = Date.now }: { readonly now?: () => number } = {},
): TokenSource {
  const credential = keyCredential({ user, password });
  const name = keyBudget(credential);
  const owner = { grant: name, budget: name };
  let last: { readonly at: number; readonly verdict: ReturnType<Probe> } | undefined;

  function probeAtMostOnceAMinute(): ReturnType<Probe> {
    if (last && now() - last.at < probeEveryMs) return last.verdict;
    // The probe has a deadline of its own: the request that asks first may give up, the others still need the answer.
    const limits = { request: pingRoute.template, timeoutMs: probeTimeoutMs };
    const verdict = withDeadline(limits, (deadline) => probe(credential, deadline)).catch(() => "unknown" as const);
    last = { at: now(), verdict };
    return verdict;
  }

  return {
    budget: owner.budget,
    owner: () => Promise.resolve(owner),
    credential: () => Promise.resolve(credential),
    async refused(_credential, status, _deadline, request = pingRoute.template) {
      const verdict = request === pingRoute.template ? "refused" : await probeAtMostOnceAMinute();
      if (verdict === "refused") throw credentialsRefused(status, request);
      return "permission";
    },
  };
}

/** Tokens that are looked for at each use, because a request may connect or disconnect on its way. */
export function lookedUp(find: () => Promise<TokenSource>, budget?: string): TokenSource {
  return {
    budget,
    owner: async () => (await find()).owner(),
    credential: async (deadline) => (await find()).credential(deadline),
    refused: async (credential, status, deadline, request) =>
      (await find()).refused(credential, status, deadline, request),
  };
}

/** Asks by `GET /v1/ping`: Aircall answers 403 both to a worthless credential and to one that may not do this. */
export function createProbe(parts: Omit<HttpParts, "tokens">): Probe {
  return async function probe(credential, { signal }) {
    const tokens: TokenSource = {
      owner: () => Promise.resolve(null),
      credential: () => Promise.resolve(credential),
      refused: () => Promise.resolve("permission"),
    };
    try {
      await ping(createApi({ ...parts, tokens }), { signal, maxRetries: 0 });
      return "accepted";
    } catch (error) {
      return error instanceof ApiError && (error.status === 401 || error.status === 403) ? "refused" : "unknown";
    }
  };
}

function credentialsRefused(status: number, request: string): ApiError {
  return new ApiError(
    { status, code: "credentials_refused", request, title: "Credentials refused", troubleshoot: null, rate: noRate },
    `${request}: Aircall refused the API ID and token (${status}). Compare AIRCALL_API_ID and AIRCALL_API_TOKEN with ` +
      "the Dashboard, under Integrations & API > API Keys.",
  );
}
