import type { BasicConfig } from "../config/config";
import { ApiError } from "../errors/errors";
import { withDeadline } from "../time/deadline";
import { keyBudget, keyCredential } from "../grants/api-key";
import type { Probe, TokenSource } from "../http/credential";
import { pingRoute } from "../resources/ping";

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

function credentialsRefused(status: number, request: string): ApiError {
  return new ApiError(
    { status, code: "credentials_refused", request, title: "Credentials refused", troubleshoot: null, rate: noRate },
    `${request}: Aircall refused the API ID and token (${status}). Compare AIRCALL_API_ID and AIRCALL_API_TOKEN with ` +
      "the Dashboard, under Integrations & API > API Keys.",
  );
}
