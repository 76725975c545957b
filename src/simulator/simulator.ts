import type { Express } from "express";
import { createAssetAddresses } from "./api/asset-addresses";
import { createRateLimiter } from "./api/rate-limit";
import { createApp } from "./app";
import { aiVoiceCallAt } from "./data/ai-voice-queue";
import { addCalls, removeCall } from "./data/calls/arrivals";
import { bringTo } from "./data/clock";
import { seedCompanies, type Company } from "./data/company";
import { readEntitlements, type ChosenEntitlements } from "./data/entitlements";
import { createKnownCalls } from "./data/calls/known-calls";
import { createOutbox, type AiVoiceCall, type Dial, type InsightCard, type OutgoingMessage } from "./data/outbox";
import type { Call } from "./data/entities";
import type { FaultRule } from "./fault-rule";
import { createFaults } from "./faults";
import { createJournal, type RecordedRequest, type RequestCounts } from "./journal";
import { decide, readAuthorization } from "./oauth/authorization";
import { createCodeBook } from "./oauth/code-book";
import { answerFor, createTokenBook, type TokenAnswer } from "./oauth/token-book";
import { createServing } from "./serving";
import { basicSettings, oauthSettings, type BasicSettings, type OAuthSettings } from "./connection-settings";
import { signIn, type AppUnderTest, type SignInOptions } from "./sign-in";
import { readOptions, type SimulatorOptions, type SimulatorSettings } from "./options";
import { createWebhookControls, tellOf, type WebhookControls } from "./webhooks/controls";
import { createSending } from "./webhooks/sending";
import { uninstall } from "./webhooks/uninstall";

/** A pretend Aircall in this process. */
export interface Simulator extends WebhookControls {
  /** Serves it on an address of its own; port 0, the default, takes a free one. */
  listen(port?: number, host?: string): Promise<{ url: string }>;
  /** Stops serving and ends every connection, answered or not. */
  close(): Promise<void>;
  /** Without a trailing slash. Throws until `listen` has resolved, unless the `url` option told it. */
  readonly url: string;
  /** To mount it in an app instead of listening: `app.use("/aircall", simulator.handler)`, with the `url` option. */
  readonly handler: Express;
  /** What `aircallAuth` and `AircallStrategy` need to meet the simulator; add `callbackUrl`. */
  readonly oauth: OAuthSettings;
  /** The same for Basic, with the key of the first company. */
  readonly basic: BasicSettings;
  /**
   * At least two, seeded. Live: what requests change shows here, and what you change shows in answers. What takes its time,
   * such as a deletion, shows at the first look here or request after it.
   */
  readonly companies: readonly [Company, Company, ...Company[]];
  /** The latest thousand requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** All requests since the start or the last `clearRequests`. */
  readonly counts: RequestCounts;
  clearRequests(): void;
  /**
   * Lets calls come in, by default for the first company: so many, or one for each record given, with what that says.
   * Webhooks are told of what they have gone through.
   * They start now and ring, unless their `started_at` (UNIX seconds) is long enough ago, or what is said of them means
   * more: with a `missed_call_reason` they were missed just now, with `status: "answered"` somebody is talking, with
   * `status: "done"` they are over. Returns the calls, live.
   */
  addCalls(calls: number | readonly Partial<Call>[], options?: { companyId?: number | undefined }): Call[];
  /** Makes a call vanish, as if it had never been. Returns whether there was one with this id. */
  removeCall(id: number): boolean;
  /** What users were asked to dial, oldest first. */
  readonly dials: readonly Dial[];
  /** Messages that were accepted, oldest first. */
  readonly messages: readonly OutgoingMessage[];
  /** What was put before agents during calls, oldest first. */
  readonly insightCards: readonly InsightCard[];
  /** What AI voice agents were told to call, oldest first. */
  readonly aiVoiceCalls: readonly AiVoiceCall[];
  /** Switches parts of a company's plan off or on; what is not named stays. @throws {RangeError} for a company there is not. */
  entitle(companyId: number, entitlements: ChosenEntitlements): void;
  /**
   * Makes matching requests fail; returns what ends it. Rules strike in the order they were added.
   * @throws {TypeError} for a rule with a key that there is not, or without effect.
   */
  fail(rule: FaultRule): () => void;
  clearFaults(): void;
  /** A grant without the consent page, by default for the first company. */
  issueToken(options?: { companyId?: number | undefined }): TokenAnswer;
  /**
   * What uninstalling the app does: the grant of this access token, or every grant of this company, answers 403 from
   * now on. With a company, its app's webhooks hear `integration.deleted`, and are gone. Returns how many grants ended.
   */
  revoke(tokenOrCompany: string | number): number;
  /**
   * Decides at the consent page without a browser. Takes the address an app redirected to and returns the callback
   * address it would be called back on.
   * @throws {Error} when the consent page would show a problem instead; the message is its sentence.
   */
  consent(authorizeUrl: string, options?: { companyId?: number | undefined; deny?: boolean | undefined }): string;
  /**
   * Connects an account at an app under test as a browser would, without one, and resolves to what that browser then sends
   * as `Cookie`. An Express app is served for the moment it takes; a server or an address is visited where it is.
   * @throws {Error} when the app does not lead to the consent page, or is not signed in after it.
   */
  signIn(app: AppUnderTest, options?: SignInOptions): Promise<string>;
}

/**
 * Creates a pretend Aircall: consent page, token endpoint and API over made-up companies, for tests and examples.
 * Every phone number in it is from a range reserved for fiction. Keeps everything in memory.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = readOptions(options);
  const { now } = settings;
  const parts = createParts(settings, () => serving.knownUrl() ?? "http://localhost");
  const { companies, journal, faults, outbox } = parts;
  const companyOrFirst = (companyId = companies[0].id) => companyOf(companyId, companies);
  const webhooks = createWebhookControls({ ...parts, companyOrFirst }, settings);
  const letIn: Simulator["addCalls"] = (calls, { companyId } = {}) => {
    const given = typeof calls === "number" ? Array.from({ length: calls }, () => ({})) : calls;
    const added = addCalls(companyOrFirst(companyId), given, settings);
    tellOf(companyOrFirst(companyId), added, { ...settings, tell: parts.tell });
    return added;
  };
  const handler = createApp({ ...parts, controls: { ...webhooks, addCalls: letIn } }, settings);
  const serving = createServing(handler, settings.url);
  if (settings.live) parts.ticker.start();

  return {
    ...webhooks,
    ...createGranting(parts, { ...settings, companyOrFirst }),
    handler,
    get deliveries() {
      return webhooks.deliveries;
    },
    get companies() {
      for (const company of companies) bringTo(company, now());
      return companies;
    },
    get dials() {
      return [...outbox.dials];
    },
    get messages() {
      return [...outbox.messages];
    },
    get insightCards() {
      return [...outbox.insightCards];
    },
    get aiVoiceCalls() {
      return outbox.aiVoiceCalls.map((call) => aiVoiceCallAt(call, now()));
    },
    entitle(companyId, entitlements) {
      const company = companyOrFirst(companyId);
      company.entitlements = readEntitlements(entitlements, company.entitlements);
    },
    get url() {
      return serving.url();
    },
    get oauth() {
      return oauthSettings(serving.url(), settings);
    },
    get basic() {
      return basicSettings(serving.url(), companies[0]);
    },
    get requests() {
      return journal.requests;
    },
    get counts() {
      return journal.counts;
    },
    clearRequests: journal.clear,
    addCalls: letIn,
    removeCall: (id) => removeCall(companies, id),
    fail: faults.fail,
    clearFaults: faults.clear,
    listen: serving.listen,
    close() {
      parts.ticker.stop();
      parts.sender.close();
      return serving.close();
    },
  };
}

function createParts(settings: SimulatorSettings, base: () => string) {
  const { now } = settings;
  const companies = seedCompanies({ ...settings, now: now() }) as [Company, Company];
  companies[0] = { ...companies[0], ...givenKey(settings) };
  const assets = createAssetAddresses(settings);
  const known = createKnownCalls(settings);
  return {
    companies,
    codes: createCodeBook(settings),
    tokens: createTokenBook(settings),
    journal: createJournal(now),
    faults: createFaults(settings),
    rates: createRateLimiter(settings),
    assets,
    known,
    outbox: createOutbox(),
    ...createSending({ companies, assets, known, base }, settings),
  };
}

interface GrantingSettings extends SimulatorSettings {
  readonly companyOrFirst: (companyId?: number) => Company;
}

/** What people and Aircall decide about an app. */
function createGranting(
  { companies, codes, tokens: book, tell }: ReturnType<typeof createParts>,
  settings: GrantingSettings,
): Pick<Simulator, "issueToken" | "revoke" | "consent" | "signIn"> {
  const { companyOrFirst, issuer } = settings;

  function consent(authorizeUrl: string, { companyId, deny = false }: Parameters<Simulator["consent"]>[1] = {}) {
    const asked = readAuthorization(new URL(authorizeUrl).searchParams, settings);
    if (typeof asked === "string") throw new Error(asked);
    return decide(asked, deny ? null : companyOrFirst(companyId).id, { codes, issuer });
  }

  return {
    issueToken: ({ companyId } = {}) => answerFor(book.issue(companyOrFirst(companyId).id).current, settings),
    revoke(tokenOrCompany) {
      const uninstalled = companies.find(({ id }) => id === tokenOrCompany);
      if (uninstalled) uninstall(uninstalled, tell);
      return book.revokeAll(tokenOrCompany);
    },
    consent,
    async signIn(app, options = {}) {
      const { id } = companyOrFirst(options.companyId);
      return signIn(app, (authorizeUrl) => consent(authorizeUrl, { companyId: id }), options);
    },
  };
}

function companyOf(companyId: number, companies: readonly Company[]): Company {
  const company = companies.find(({ id }) => id === companyId);
  if (company) return company;
  throw new RangeError(`The simulator has no company ${companyId}.`);
}

function givenKey({ apiId, apiToken }: SimulatorSettings): Partial<Pick<Company, "apiId" | "apiToken">> {
  return { ...(apiId !== null && { apiId }), ...(apiToken !== null && { apiToken }) };
}
