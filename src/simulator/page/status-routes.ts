import type { IRouter, Request } from "express";
import { baseOf } from "../address";
import type { RateLimiter } from "../api/rate-limit";
import type { Company } from "../data/company";
import type { Outbox } from "../data/outbox";
import type { Faults } from "../faults";
import type { Journal } from "../journal";
import type { TokenBook } from "../oauth/token-book";
import type { SimulatorSettings } from "../options";
import { basicLines, oauthLines } from "../settings-lines";
import type { DeliveryBook } from "../webhooks/delivery";
import { addControlRoutes, controlsPath, type Controls } from "./control-routes";
import { statusPage, statusPolicy } from "./status-page";

export interface StatusParts {
  readonly companies: readonly Company[];
  readonly journal: Journal;
  readonly tokens: TokenBook;
  readonly rates: RateLimiter;
  readonly faults: Faults;
  readonly outbox: Pick<Outbox, "dials">;
  readonly book: Pick<DeliveryBook, "all">;
  readonly controls: Controls;
}

/**
 * The page at `/`, for browsers: with a credential, or without asking for HTML first, it is the API's own address. It
 * comes before the journal, so that looking leaves no trace in it.
 */
export function addStatusRoutes(app: IRouter, parts: StatusParts, settings: SimulatorSettings): void {
  const { companies, journal, tokens, rates, outbox, book } = parts;

  app.get("/", (req, res, next) => {
    if (!wantsPage(req)) return next();
    const base = baseOf(req);
    const html = statusPage({
      base,
      basic: basicLines(base, companies[0] as Company),
      oauth: oauthLines(base, settings),
      companies,
      counts: journal.counts,
      requests: journal.requests,
      dials: outbox.dials,
      tokens: tokens.issued,
      deliveries: book.all,
      rateOf: rates.rateOf,
      rateLimit: settings.rateLimit,
      faults: parts.faults.active,
      actions: `${req.baseUrl}${controlsPath}`,
      now: settings.now(),
    });
    res.set({
      "Content-Security-Policy": statusPolicy,
      "Referrer-Policy": "same-origin", // a form without one has the origin "null"
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
    });
    res.type("html").send(html);
  });

  addControlRoutes(app, parts);
  app.get("/favicon.ico", (_req, res) => void res.status(204).end());
}

function wantsPage(req: Request): boolean {
  return req.get("authorization") === undefined && req.accepts(["json", "html"]) === "html";
}
