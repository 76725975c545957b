/** Who consented to what. */
export interface Consent {
  readonly browser: number;
  readonly clientId: string;
  readonly companyId: number;
}

/**
 * Aircall without a network, as a `fetch` of the app's own: codes become tokens, refresh tokens work once and their reuse
 * ends them, and the API says whose token it was asked with.
 */
export function createPretendProvider() {
  const consents = new Map<string, Consent>();
  const refreshable = new Map<string, string>();
  let count = 0;
  let refusing = 0;

  function give(key: string): Response {
    const refresh = `refresh-${++count}`;
    refreshable.set(refresh, key);
    return json(200, {
      access_token: `${key}.${count}`,
      refresh_token: refresh,
      expires_in: 3_600,
      token_type: "Bearer",
    });
  }

  function token(body: Record<string, string>): Response {
    if (body["grant_type"] !== "refresh_token") return consents.has(body["code"]!) ? give(body["code"]!) : denied();
    const key = refreshable.get(body["refresh_token"]!);
    refreshable.delete(body["refresh_token"]!);
    const own = key !== undefined && consents.get(key)!.clientId === body["client_id"];
    return own ? give(key) : denied();
  }

  function api(path: string, authorization: string): Response {
    const consent = consents.get(/^Bearer (.*)\.\d+$/.exec(authorization)?.[1] ?? "");
    if (!consent) return json(401, { error: "Unauthorized" });
    if (refusing > 0 && path === "/v1/calls") {
      refusing -= 1;
      return json(403, { error: "Forbidden", troubleshoot: "Not with this plan" });
    }
    if (path === "/v1/ping") return json(200, { ping: "pong" });
    if (path === "/v1/company") return json(200, { company: { name: "a company" } });
    if (path === "/v1/integrations/me") {
      return json(200, { integration: { company_id: consent.companyId, user: null, active: true } });
    }
    return json(200, {
      calls: [consent],
      meta: { count: 1, total: 1, current_page: 1, per_page: 20, next_page_link: null },
    });
  }

  return {
    /** The code that the consent page would send along. */
    consent(consent: Consent): string {
      const code = `code-${++count}`;
      consents.set(code, consent);
      return code;
    },
    /** The next so many requests for calls are not for this plan. */
    refuse: (times: number) => void (refusing = times),
    fetch: ((url: string, { body, headers }: { body?: string; headers: Record<string, string> }) => {
      const { pathname } = new URL(url);
      const answer = pathname.endsWith("/token")
        ? token(JSON.parse(body!) as Record<string, string>)
        : api(pathname, new Headers(headers).get("authorization") ?? "");
      return Promise.resolve(answer);
    }) as unknown as typeof globalThis.fetch,
  };
}

function denied(): Response {
  return json(400, { error: "invalid_grant" });
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
