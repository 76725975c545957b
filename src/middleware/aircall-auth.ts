import type { NextFunction, Request, Response } from "express";
import { createBudgets } from "../budget/budget";
import { actOn, createAudit } from "../companies/audit";
import { tellActs } from "../companies/audited-requests";
import { createCompanyLeft } from "../companies/company-left";
import { createCompanies, type Companies } from "../companies/companies";
import { listenerOf } from "../companies/hooks/app-hooks";
import { createCompanyHooks } from "../companies/hooks/hooks";
import { createLeaving, type Leaving } from "../companies/leaving";
import { createLinkClients, type LinkClientsParts } from "../companies/link-clients";
import { createRecordingLinks, type RecordingLinks } from "../companies/recording-links";
import { canSignIn, type Config } from "../config/config";
import { companyListening, type Listen } from "../connections/company-listener";
import { createProbe } from "../client/ping-probe";
import { createConnections } from "../connections/connections";
import { forWebhooks, type AuthForWebhooks } from "../connections/for-webhooks";
import { RequestAircall } from "../connections/request-aircall";
import { watchConnection } from "../session/disconnection";
import type { Grant } from "../grants/grant";
import type { GrantStore } from "../grants/store";
import { noStoreTime, onStoreTimeOf, storeTimeOf } from "../time/store-time";
import { createAlone } from "../http/alone";
import { createDedupe } from "../http/dedupe";
import { createTransport } from "../http/transport/choose";
import type { Asker } from "../http/limiter";
import { idempotent } from "../resources/idempotent";
import { createLoopGuard } from "../sign-in/loop-guard";
import { announceKeeping, createGrantsFor } from "../sign-in/runtime";
import type { Handler } from "../session/handlers";
import { hasSession, sessionIdOf, sessionStoreOf } from "../session/session";
import { createSignIn, keepPrivate } from "../sign-in/sign-in";
import { createVisits } from "../sign-in/visits";
import { readAuthOptions, type AircallAuthOptions, type AuthSettings } from "./auth-options";
import type { HttpParts } from "../http/parts";
import { isOfExpress } from "./express-request";
import type { GrantSettings } from "./grant-options";
import { createRecordingRoute } from "./recording-route";
import { createRuntimes } from "./runtimes";
import { createSharedCount } from "./shared-count";
import { createSignInRoutes } from "./sign-in-routes";

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how Express lets others add to its requests
  namespace Express {
    interface Request {
      /** The Aircall client of this request. Set by `aircallAuth()`. */
      aircall: RequestAircall;
    }
  }
}

/** The middleware, and what outlives its requests. */
export interface AircallAuth extends Handler, Companies {
  /**
   * A link that plays this call's recording to whoever has it, without a login, for 7 days or `expiresInMs`; to put into
   * a CRM, say. Whether there is such a call is not looked at. With the app's one API key `company` may be null.
   * @throws {ConfigError} without the option `recordingLinks`, or where `company` is none.
   * @throws {ArgumentError} where `callId` is no id of a call.
   */
  readonly recordingLink: RecordingLinks["link"];
  /** Waits for renewals and writes under way, then closes the connections to Aircall. Call it when the server has closed. */
  readonly close: () => Promise<void>;
  /** @internal Null without `grants`. */
  readonly [companyListening]: Listen | null;
  /** @internal What `aircallWebhooks({ auth })` works with. */
  readonly [forWebhooks]: AuthForWebhooks;
}

/**
 * Puts an authenticated Aircall client on `req.aircall`: `app.use(aircallAuth())`, after `express-session` when
 * companies connect with OAuth. Settings come from the options, a connection string or the environment. With
 * `InitiateOAuth=GETANDREFRESH` it also serves the routes that sign people in and out.
 * @throws {ConfigError} at once, when a setting is missing or impossible.
 */
export function aircallAuth(options: AircallAuthOptions = {}): AircallAuth {
  const settings = readAuthOptions(options);
  const { config, app, keepsGrants, signInConfig, verify } = settings;
  const audit = createAudit(settings.auditHooks);
  const { http, sharedCount, end } = createSending(config, settings.keeping.grants);
  const hooks = keepsGrants && settings.keeping.grants ? createCompanyHooks(settings.keeping.grants, app) : null;
  const keeping = { ...settings.keeping, grants: hooks?.store ?? settings.keeping.grants, audit };
  const storeOf = createGrantsFor(keeping);
  const disconnected = audit.on ? (req: Request, grant: Grant | null) => audit(actOn("disconnect", grant), req) : null;
  const connections = createConnections({ ...keeping, config, app, http, grantsFor: storeOf, disconnected });
  const { disableOnDisconnect } = keeping;
  const disableOnRelease = disableOnDisconnect && keeping.holding.hold === "session";
  const routes =
    signInConfig &&
    createSignInRoutes(signInConfig, createSignIn(signInConfig, verify, http.transport), {
      disableOnDisconnect: disableOnRelease,
      audit,
    });
  const partsAt = createRuntimes({ ...keeping, app }, signInConfig, (runtime) => ({
    runtime,
    http,
    disableOnDisconnect: disableOnRelease,
    use(req: Request, res: Response) {
      const storeTime = keepsGrants ? storeTimeOf(req, Object(res) as Response) : noStoreTime;
      const connection = connections.ofRequest(req, { signInPath: runtime.signInPath, storeTime });
      return { connection, asker: askerOf(req), onDone: tellActs(audit, req) };
    },
  }));
  const loopGuard = canSignIn(config) ? createLoopGuard(config) : null;
  let store = keeping.grants;
  const grantsOf = (req: Request) => ({ grants: storeOf(req), hold: keeping.holding.hold });
  const visit = keepsGrants && config.scheme === "OAuth" && app !== null ? createVisits({ app, grantsOf }) : null;
  const withdrawKeeping = visit && announceKeeping(app!, keeping);
  const leaving = createLeaving();
  const companies = createCompanies({
    ...{ app, connections, http, keepsGrants, disableOnDisconnect, audit, leaving },
    given: keeping.grants,
    admit: settings.admitKey,
    refusal: settings.refuseKeys,
  });

  const listener = listenerOf(settings.hooks, companies.clientFor);
  if (listener) hooks?.listen(listener);
  const { links, recordingOf } = createRecordings(settings, { connections, http, grants: keeping.grants, audit });

  function aircall(req: Request, res: Response, next: NextFunction): void {
    const ofExpress = isOfExpress(req, res);
    const recording = ofExpress ? recordingOf(req) : undefined;
    if (recording) return void onStoreTimeOf(req, res, () => recording(req, res)).catch(next);
    const route = ofExpress ? routes?.(req) : undefined;
    if (route) keepPrivate(res);
    const parts = partsAt(req.baseUrl ?? "");
    req.aircall = new RequestAircall(req, res, parts);
    const sessionStore = sessionStoreOf(req);
    if (sessionStore) watchConnection(sessionStore);
    try {
      store ??= keepsGrants && hasSession(req) ? storeOf(req) : null;
      visit?.(req, res);
    } catch (error) {
      return next(error);
    }
    sharedCount.lookIn(req, store);
    if (!route) {
      if (ofExpress) loopGuard?.noteReturn(req, res);
      return next();
    }
    void onStoreTimeOf(req, res, () => route(req, res, parts.runtime)).catch(next);
  }

  async function close(): Promise<void> {
    withdrawKeeping?.();
    await hooks?.close();
    await connections.close();
    await end();
  }

  const webhooks = leaveForWebhooks({ app, keepsGrants, keeping, http, leaving, clientFor: companies.clientFor });
  const internal = { [companyListening]: hooks?.listen ?? null, [forWebhooks]: webhooks };
  return Object.assign(aircall, { ...companies, recordingLink: links.link, close, ...internal });
}

interface ForWebhooks extends Pick<AuthForWebhooks, "app" | "keepsGrants" | "clientFor"> {
  readonly keeping: Pick<GrantSettings, "grants" | "holding">;
  readonly http: Omit<HttpParts, "tokens">;
  readonly leaving: Leaving;
}

function leaveForWebhooks({
  app,
  keeping: { grants, holding },
  http,
  leaving,
  ...others
}: ForWebhooks): AuthForWebhooks {
  const companyLeft = createCompanyLeft({ app, grants, probe: createProbe(http) });
  return { ...others, app, hold: holding.hold, grants, companyLeft, beforeDisconnect: leaving.listen };
}

/** What all requests to Aircall go by, whoever makes them; `grants` is the store that the app gave. */
function createSending(config: Sending, grants: GrantStore | null) {
  const transport = createTransport(config.fetch, config.dispatcher);
  const sharedCount = createSharedCount(grants);
  const limiter = createBudgets({ counter: () => sharedCount.counter() });
  const { apiUrl, timeoutMs, readOnly } = config;
  const alone = createAlone(sharedCount.exclusive);
  const http = { apiUrl, timeoutMs, readOnly, idempotent, transport, dedupe: createDedupe(), limiter, alone };

  async function end(): Promise<void> {
    limiter.close();
    await transport.close();
  }

  return { http, sharedCount, end };
}

/** Links to recordings, and what answers those who follow one. */
function createRecordings({ recordingLinks: settings, keepsGrants }: AuthSettings, parts: LinkClientsParts) {
  const links = createRecordingLinks({ settings, keepsGrants });
  const clientOf = createLinkClients(parts);
  return { links, recordingOf: createRecordingRoute({ url: settings?.url ?? null, links, clientOf }) };
}

type Sending = Pick<Config, "apiUrl" | "timeoutMs" | "readOnly" | "fetch" | "dispatcher">;

/** A visitor's requests together are one that waits among others; each of those without a session stands for itself. */
function askerOf(req: Request): Asker {
  return { session: sessionIdOf(req) ?? null };
}
