import type { OAuthConfig, StaticTokens } from "../config/config";
import { accepted, byConsent } from "../grants/grant";
import { createGrantTokens } from "../grants/access";
import { memoryGrants } from "../grants/stores/memory";
import { createRenewals } from "../grants/renewal/renew";
import type { HttpParts } from "../http/parts";
import { digest, type Owner, type TokenSource } from "../http/credential";
import { renewalEndpoint } from "../oauth/token-endpoint";
import { createProbe } from "./ping-probe";
import { lookedUp } from "./looked-up";

const aYearMs = 31_536_000_000;
const unknownAccount = { id: null, name: null, user: null };

/** The grant that a client works with. */
export interface ClientGrant {
  readonly tokens: TokenSource;
  /** Waits for a renewal under way. */
  readonly close: () => Promise<void>;
}

/** A token obtained elsewhere: a grant like any other, kept in this process. */
export function createStaticGrant(
  config: OAuthConfig,
  tokens: StaticTokens,
  parts: Omit<HttpParts, "tokens">,
): ClientGrant {
  const store = memoryGrants();
  const endpoint = renewalEndpoint(config, parts.transport);
  const renewals = createRenewals({ store, endpoint, probe: createProbe(parts) });
  const whose = { ...byConsent, app: null, account: unknownAccount, connectedAt: tokens.obtainedAt };
  const created = store.create({ ...tokens, ...accepted, ...whose }, aYearMs);
  const found = created.then((id) => createGrantTokens({ store, renewals, id, signInPath: null }));
  // The budget goes by the credential: a grant's id differs in each process.
  const budget = `credential:${digest(`Bearer ${tokens.accessToken}`)}`;
  const source = lookedUp(() => found, budget);
  const owner = async () => inBudget(await source.owner(), budget);
  return { tokens: { ...source, owner }, close: () => renewals.close() };
}

function inBudget(owner: Owner | null, budget: string): Owner | null {
  return owner && { ...owner, budget };
}
