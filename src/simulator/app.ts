import express, { type ErrorRequestHandler, type Express } from "express";
import { refuse, refuseAtEdge } from "./api/answers";
import { addAssetsRoutes } from "./api/assets-routes";
import { authenticate } from "./api/authenticate";
import { addCallsRoutes } from "./api/calls-routes";
import { addCompanyRoutes } from "./api/company-routes";
import { limitRate } from "./api/rate-limit";
import { addUsersRoutes, type Dial } from "./api/users-routes";
import type { Company } from "./data/company";
import type { Faults } from "./faults";
import type { Journal } from "./journal";
import type { CodeBook } from "./oauth/code-book";
import { addConsentRoutes } from "./oauth/consent-routes";
import { addTokenEndpoint } from "./oauth/token-endpoint";
import type { TokenBook } from "./oauth/token-book";
import type { SimulatorSettings } from "./options";

/** Everything the routes share. */
export interface Parts {
  readonly companies: readonly Company[];
  readonly codes: CodeBook;
  readonly tokens: TokenBook;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly dials: Dial[];
}

export function createApp(parts: Parts, settings: SimulatorSettings): Express {
  const { companies, codes, tokens, journal, faults, dials } = parts;
  const app = express();
  const gate = express.Router().use(authenticate(companies, tokens), limitRate(settings.rateLimit, settings.now));

  app.disable("x-powered-by").disable("etag");
  app.use(journal.record, faults.strike, express.json());
  addConsentRoutes(app, companies, codes, settings);
  addTokenEndpoint(app, codes, tokens, settings);
  addCompanyRoutes(app, gate);
  addCallsRoutes(app, gate, settings);
  addAssetsRoutes(app);
  addUsersRoutes(app, gate, { now: settings.now, dials });
  app.use((_req, res) => refuseAtEdge(res, 404));
  app.use(answerError);
  return app;
}

/** A body or an address that cannot be read is the client's mistake; anything else would be ours. */
const answerError: ErrorRequestHandler = (error: { status?: number }, _req, res, _next) => {
  const status = error.status ?? 500;
  if (status === 413) return refuse(res, 413, "The body is too large");
  if (status >= 400 && status < 500) return refuse(res, 400, "The request could not be read");
  refuse(res, 500, "The simulator failed");
};
