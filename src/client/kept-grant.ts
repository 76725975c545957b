import type { OAuthConfig } from "../config/config";
import { ConfigError, NotConnectedError, ReconnectRequiredError } from "../errors/errors";
import { createGrantTokens, type GrantTokens } from "../grants/access";
import { newestGrant, type StoredGrant } from "../grants/for-company";
import { companyLifeMs } from "../grants/ownership";
import { createProlonging } from "../grants/prolong";
import { sharedRenewals } from "../grants/renewal/shared-renewals";
import { isSound } from "../grants/renewal/suspension";
import { appKey } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import type { TokenSource } from "../http/credential";
import type { HttpParts } from "../http/parts";
import { renewalEndpoint } from "../oauth/token-endpoint";
import type { ClientGrant } from "./static-grant";
import { createProbe } from "./ping-probe";
import { lookedUp } from "./looked-up";

const login = "run npx express-aircall login with the same settings";

export interface KeptAt {
  readonly store: GrantStore;
  /** The file; null for a store of the app's own. */
  readonly where: string | null;
}

/**
 * The grant that a store keeps for this app, of the one company that is connected there. Looked up anew where it has
 * ended, so that a worker goes on as soon as somebody has signed in again.
 */
export function createKeptGrant(
  config: OAuthConfig,
  parts: Omit<HttpParts, "tokens">,
  { store, where }: KeptAt,
): ClientGrant {
  const app = config.client && appKey(config.client.id);
  const endpoint = renewalEndpoint(config, parts.transport);
  const renewals = sharedRenewals({ store, app, endpoint, probe: createProbe(parts) });
  const uses = createUses(store);
  let known: { readonly id: string; readonly tokens: GrantTokens } | undefined;

  async function find(): Promise<GrantTokens> {
    const grant = await known?.tokens.grant();
    if (known && grant && isSound(grant)) return known.tokens;
    const kept = await keptGrant(store, app);
    if (!kept) throw new NotConnectedError(null, nothingAt(where));
    if (known?.id !== kept.id) known = { id: kept.id, tokens: tokensOf(kept.id) };
    return known.tokens;
  }

  function tokensOf(id: string): GrantTokens {
    const tokens = createGrantTokens({ store, renewals, id, app, signInPath: null });
    return {
      ...tokens,
      async credential(deadline) {
        const credential = await tokens.credential(deadline);
        uses.note(id);
        return credential;
      },
    };
  }

  const found = lookedUp(find);
  const tokens: TokenSource = {
    owner: () => told(where, found.owner()),
    credential: (deadline) => told(where, found.credential(deadline)),
    refused: (...refusal) => told(where, found.refused(...refusal)),
  };
  return {
    tokens,
    async close() {
      await renewals.close();
      await uses.settled();
    },
  };
}

/**
 * Null where no company is connected.
 * @throws {ConfigError} several are.
 */
export async function keptGrant(store: GrantStore, app: string | null): Promise<StoredGrant | null> {
  const [first, second] = (await store.companies(app, null, 2)).companies;
  if (second) throw new ConfigError(several);
  return first ? newestGrant(store, app, first.company) : null;
}

const several =
  "Several companies are connected in this grant store, and a client works for one: use auth.clientFor(companyId), or a " +
  "store of its own.";

/** Lets the grant live as long as it is used. */
function createUses(store: GrantStore) {
  const prolong = createProlonging(Date.now);
  const underWay = new Set<Promise<void>>();
  return {
    note(id: string): void {
      const written = prolong(store, id, { lifeMs: companyLifeMs }).finally(() => underWay.delete(written));
      underWay.add(written);
    },
    async settled(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

function nothingAt(where: string | null): string {
  if (where === null)
    return "No Aircall company is connected in this grant store: sign in with the app that shares it.";
  return `No Aircall company is connected at ${where}: ${login}.`;
}

/** In a script nobody can be sent to sign in: says what to do instead. */
async function told<T>(where: string | null, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotConnectedError) throw new NotConnectedError(null, nothingAt(where));
    if (error instanceof ReconnectRequiredError && where !== null) {
      throw new ReconnectRequiredError(null, { how: login });
    }
    throw error;
  }
}
