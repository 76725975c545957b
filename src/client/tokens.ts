import type { BasicConfig, OAuthConfig } from "../config/config";
import { type AircallError, ApiError, ReconnectRequiredError } from "../errors";
import { withDeadline } from "../http/deadline";
import { createHttp, type Credential, type HttpParts, type Probe, type TokenSource } from "../http/http";
import { digest } from "../http/owner";
import { ping, pingRoute } from "../resources/ping";

const probeEveryMs = 60_000;
const probeTimeoutMs = 5_000;
const noRate = { limit: null, remaining: null, resetAt: null };

type Clock = { readonly now?: () => number };

/** One company's API ID and token. A refusal that concerns the pair itself is an ApiError `credentials_refused`. */
export function basicTokens(
  { user, password }: Pick<BasicConfig, "user" | "password">,
  probe: Probe,
  clock: Clock = {},
): TokenSource {
  const pair = Buffer.from(`${user}:${password}`).toString("base64");
  return fixedTokens({ authorization: `Basic ${pair}`, secret: password }, probe, credentialsRefused, clock);
}

/** An access token obtained elsewhere that nobody here renews. Refused, only a new one helps. */
export function staticTokens(
  { accessToken }: Pick<NonNullable<OAuthConfig["staticTokens"]>, "accessToken">,
  probe: Probe,
  clock: Clock = {},
): TokenSource {
  const credential = { authorization: `Bearer ${accessToken}`, secret: accessToken };
  return fixedTokens(credential, probe, () => new ReconnectRequiredError(), clock);
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
      await ping(createHttp({ ...parts, tokens }), { signal, maxRetries: 0 });
      return "accepted";
    } catch (error) {
      return error instanceof ApiError && (error.status === 401 || error.status === 403) ? "refused" : "unknown";
    }
  };
}

/** A credential that never changes. Whether Aircall still accepts it is asked at most once a minute, for all requests. */
function fixedTokens(
  credential: Credential,
  probe: Probe,
  worthless: (status: number, request: string) => AircallError,
  { now = Date.now }: Clock,
): TokenSource {
  const name = `credential:${digest(credential.authorization)}`;
  const owner = { grant: name, budget: name };
  let last: { readonly at: number; readonly verdict: ReturnType<Probe> } | undefined;

  function probeAtMostOnceAMinute(): ReturnType<Probe> {
    if (last && now() - last.at < probeEveryMs) return last.verdict;
    // Its own deadline: the request that happens to ask first may give up, the others still need the answer.
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
      if (verdict === "refused") throw worthless(status, request);
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
