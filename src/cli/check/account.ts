import { createAircallClient, type AircallClient } from "../../client/client";
import { fields } from "../../config/fields";
import type { Config, OAuthConfig } from "../../config/config";
import { keptGrant } from "../../client/kept-grant";
import { appKey } from "../../grants/session-grants";
import { grantsOf } from "../connection";
import type { Terminal } from "../terminal";
import { whyNot, type Ask } from "./asking";
import { doubtful, fine, wrong, type Finding } from "./finding";

export type ClosableClient = AircallClient & { close(): Promise<void> };

/** Null where the settings hold no company's credentials. */
export async function clientOf(config: Config, terminal: Terminal): Promise<ClosableClient | null> {
  const { apiUrl } = config;
  if (config.scheme === "Basic") {
    const { user, password } = config;
    return createAircallClient({ authScheme: "Basic", apiUrl, user, password });
  }
  const own = oauthOf(config);
  if (config.staticTokens) {
    const { accessToken } = config.staticTokens;
    return createAircallClient({ ...own, initiateOAuth: "OFF", oauthAccessToken: accessToken });
  }
  if (config.settingsLocation === null) return null;
  const { store } = grantsOf(config, terminal);
  const kept = await keptGrant(store, appKey(config.client!.id));
  return kept && createAircallClient({ ...own, oauthSettingsLocation: store });
}

function oauthOf({ apiUrl, tokenUrl, client, initiateOAuth }: OAuthConfig) {
  const { id: oauthClientId, secret: oauthClientSecret } = client ?? { id: undefined, secret: undefined };
  return { authScheme: "OAuth", apiUrl, tokenUrl, initiateOAuth, oauthClientId, oauthClientSecret } as const;
}

/** Whether Aircall accepts the credential. */
export async function findCredential(client: AircallClient, { scheme }: Config): Promise<Finding> {
  const what = scheme === "Basic" ? "API key" : "token";
  try {
    await client.ping();
    return fine("account", `Aircall accepts the ${what}.`);
  } catch (error) {
    const mend =
      scheme === "Basic"
        ? "Is it whole, and still listed in the Dashboard under Integrations & API > API Keys?"
        : "Its administrator may have removed the integration: connect again.";
    return wrong("account", whyNot(error), mend);
  }
}

/** Which company the credential belongs to. */
export async function findCompany(ask: Ask): Promise<Finding> {
  const { status, body } = await ask("/v1/company");
  const { name, users_count: users, numbers_count: numbers } = fields(body["company"]);
  if (status === 200) return fine("company", `${String(name)}: ${Number(users)} users, ${Number(numbers)} numbers.`);
  return wrong("company", `GET /v1/company answers ${status}.`, "Is the company's account active?");
}

/** How many webhooks are active: those that Aircall has switched off get nothing any more. */
export async function findWebhooks(ask: Ask): Promise<Finding[]> {
  const { status, body } = await ask("/v1/webhooks");
  const list = body["webhooks"];
  if (!Array.isArray(list)) return [wrong("webhooks", `GET /v1/webhooks answers ${status}.`, null)];
  const off = list.map(fields).filter(({ active }) => active === false);
  const active = fine("webhooks", `${list.length - off.length} of ${list.length} are active.`);
  return [active, ...off.map(({ webhook_id: id }) => wrong("webhooks", `${String(id)} is switched off.`, switchOn))];
}

const switchOn =
  "Aircall does so after many failed deliveries: mend the receiver, then events.check(), or active: true.";

/** How much of the company's rate limit is left, by its headers; without them the library counts. */
export async function findRate(ask: Ask): Promise<Finding> {
  const { headers } = await ask("/v1/ping");
  const [limit, remaining] = ["Limit", "Remaining"].map((name) => headers?.get(`X-AircallApi-${name}`) ?? null);
  if (limit === null) return fine("rate", "No rate headers: the library counts for itself, to 120 a minute.");
  if (Number(remaining) > Number(limit) / 10) return fine("rate", `${remaining} of ${limit} requests are left.`);
  return doubtful("rate", `${remaining} of ${limit} requests are left.`, "Something else uses this company's limit.");
}
