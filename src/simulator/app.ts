import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { addA2pCampaignAssociationsRoutes } from "./api/routes/a2p-campaign-associations";
import { addAiVoiceRoutes } from "./api/routes/ai-voice";
import { addAnalyticsRoutes } from "./api/routes/analytics";
import { refuse, refuseAtEdge, Refusal } from "./api/answers";
import type { AssetAddresses } from "./api/asset-addresses";
import { addAssetsRoutes } from "./api/routes/assets";
import { authenticate } from "./api/authenticate";
import { addCallInsightsRoutes } from "./api/routes/call-insights";
import { addCallsRoutes } from "./api/routes/calls";
import { addCompanyRoutes } from "./api/routes/company";
import { addContactsRoutes } from "./api/routes/contacts";
import { addDialRoutes } from "./api/routes/dial";
import { addDialerRoutes } from "./api/routes/dialer";
import { createEndpoints } from "./api/endpoint";
import { addMessageConfigurationRoutes } from "./api/routes/message-configuration";
import { addMessagesRoutes } from "./api/routes/messages";
import { addNumbersRoutes } from "./api/routes/numbers";
import { addOngoingCallsRoutes } from "./api/routes/ongoing-calls";
import type { RateLimiter } from "./api/rate-limit";
import { addOutboundCampaignsRoutes } from "./api/routes/outbound-campaigns";
import { addTagsRoutes } from "./api/routes/tags";
import { addTeamsRoutes } from "./api/routes/teams";
import { addTrackersRoutes } from "./api/routes/trackers";
import { addUsersRoutes } from "./api/routes/users";
import { addWebhooksRoutes } from "./api/routes/webhooks";
import { addWhatsAppRoutes } from "./api/routes/whatsapp";
import type { Company } from "./data/company";
import type { KnownCalls } from "./data/calls/known-calls";
import type { Outbox } from "./data/outbox";
import type { Faults } from "./faults";
import type { Journal } from "./journal";
import type { CodeBook } from "./oauth/code-book";
import { addConsentRoutes } from "./oauth/consent-routes";
import { addTokenEndpoint } from "./oauth/token-endpoint";
import type { TokenBook } from "./oauth/token-book";
import type { SimulatorSettings } from "./options";
import type { Controls } from "./page/control-routes";
import { addStatusRoutes } from "./page/status-routes";
import type { Sending } from "./webhooks/sending";

/** Everything the routes share. */
export interface Parts extends Sending {
  readonly controls: Controls;
  readonly companies: readonly Company[];
  readonly codes: CodeBook;
  readonly tokens: TokenBook;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly rates: RateLimiter;
  readonly assets: AssetAddresses;
  readonly known: KnownCalls;
  readonly outbox: Outbox;
}

export function createApp(parts: Parts, settings: SimulatorSettings): Express {
  const { companies, tokens, journal, faults, rates, assets } = parts;
  const app = express();
  const gate = [authenticate(companies, tokens), rates.limit];

  app.disable("x-powered-by").disable("etag");
  addStatusRoutes(app, parts, settings);
  app.use(journal.record, faults.strike, express.json());
  addConsentRoutes(app, parts, settings);
  addTokenEndpoint(app, parts, settings);
  addApiRoutes(app, gate, { ...settings, ...parts });
  addAssetsRoutes(app, { ...settings, companies, assets });
  app.use((_req, res) => refuseAtEdge(res, 404, "There is no such address"));
  app.use(answerError);
  return app;
}

function addApiRoutes(
  app: Express,
  gate: readonly RequestHandler[],
  given: Parts & Omit<SimulatorSettings, "tokens">,
): void {
  const endpoint = createEndpoints(app, gate, given);
  addCompanyRoutes(app, endpoint);
  addUsersRoutes(endpoint, given);
  addDialRoutes(endpoint, given);
  addDialerRoutes(endpoint, given);
  addOutboundCampaignsRoutes(endpoint);
  addTeamsRoutes(endpoint, given);
  addCallsRoutes(endpoint, given);
  addOngoingCallsRoutes(endpoint, given);
  addCallInsightsRoutes(endpoint, given);
  addTrackersRoutes(endpoint, given);
  addNumbersRoutes(endpoint, given);
  addMessagesRoutes(endpoint, given);
  addMessageConfigurationRoutes(endpoint, given);
  addWhatsAppRoutes(endpoint, given);
  addContactsRoutes(endpoint, given);
  addTagsRoutes(endpoint);
  addWebhooksRoutes(endpoint, given);
  addAiVoiceRoutes(endpoint, given);
  addAnalyticsRoutes(app, endpoint, given);
  addA2pCampaignAssociationsRoutes(endpoint, given);
}

/** A body or an address that cannot be read is the client's mistake; anything else would be ours. */
const answerError: ErrorRequestHandler = (error: { status?: number }, _req, res, _next) => {
  if (error instanceof Refusal) return error.send(res);
  const status = error.status ?? 500;
  if (status === 413) return refuse(res, 413, "The body is too large");
  if (status >= 400 && status < 500) return refuse(res, 400, "The request could not be read");
  refuse(res, 500, "The simulator failed");
};
