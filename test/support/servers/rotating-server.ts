import type { TokenEndpoint } from "../../../src/oauth/token-endpoint";
import { TokenRefusal } from "../../../src/oauth/token-refusal";

/** A provider that knows many grants. Their refresh tokens read `<name>.<turn>` and work once. */
export function createRotatingServer({ forgivesOnce = false, delay = () => Promise.resolve() } = {}) {
  const turns = new Map<string, number>();
  const inFlight = new Map<string, number>();
  const counts = { requests: 0, mostInFlight: 0 };

  function next(name: string, turn: number) {
    const current = turns.get(name) ?? 0;
    if (turn !== current && !(forgivesOnce && turn === current - 1)) throw spent();
    turns.set(name, turn + 1);
    return { accessToken: `access ${name}.${turn + 1}`, refreshToken: `${name}.${turn + 1}` };
  }

  const endpoint: Pick<TokenEndpoint, "renew"> = {
    async renew(refreshToken) {
      const [name = "", turn] = refreshToken.split(".");
      counts.requests += 1;
      inFlight.set(name, (inFlight.get(name) ?? 0) + 1);
      counts.mostInFlight = Math.max(counts.mostInFlight, inFlight.get(name) ?? 0);
      await delay();
      try {
        const pair = next(name, Number(turn));
        await delay();
        return { tokens: { ...pair, expiresAt: null, obtainedAt: new Date(0) }, raw: {} };
      } finally {
        inFlight.set(name, (inFlight.get(name) ?? 0) - 1);
      }
    },
  };

  return { endpoint, counts, currentOf: (name: string) => `${name}.${turns.get(name) ?? 0}` };
}

function spent(): TokenRefusal {
  const facts = { kind: "refused", status: 400, oauthError: "invalid_grant", lost: false } as const;
  return new TokenRefusal("the token endpoint refused (400 invalid_grant).", facts);
}
