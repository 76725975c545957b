import { createBudgets } from "../budget/budget";
import { createSharedWindow } from "../budget/shared-window";
import { createKeptGrant } from "./kept-grant";
import { givenStore, grantsAtLocation } from "./settings-location";
import { createStaticGrant, type ClientGrant } from "./static-grant";
import { basicTokens } from "./basic-tokens";
import { createProbe } from "./ping-probe";
import { type Config, readConfig, type SettingsOptions } from "../config/config";
import { ownOptions } from "../config/own-options";
import { ConfigError } from "../errors/errors";
import type { RedisClient } from "../redis/send";
import type { GrantStore } from "../grants/store";
import { createRedisExclusive } from "../grants/stores/redis/exclusive";
import { createAlone } from "../http/alone";
import { type Answer, rejected } from "../http/answer";
import { callOptionNames, checkCallOptions, type CallOptions } from "../http/options";
import { checkClientOptions, type ClientOptions, derive } from "./derived";
import { createApi } from "./api";
import type { Api } from "../resources/api";
import type { HttpParts } from "../http/parts";
import { type Method, rawRoute } from "../http/route";
import { createTransport } from "../http/transport/choose";
import type { BudgetSnapshot } from "../http/limiter";
import { a2pCampaignAssociations } from "../resources/a2p-campaign-associations";
import { aiVoiceAgents } from "../resources/ai-voice-agents";
import { analytics } from "../resources/analytics";
import { calls } from "../resources/calls";
import { company } from "../resources/company";
import { contacts } from "../resources/contacts";
import { conversationIntelligence } from "../resources/conversation-intelligence/conversation-intelligence";
import { dialerCampaigns } from "../resources/dialer-campaigns";
import { integrations } from "../resources/integrations";
import { messages } from "../resources/messages";
import { numbers } from "../resources/numbers";
import { outboundCampaigns } from "../resources/outbound-campaigns";
import { ping, type Pong } from "../resources/ping";
import { idempotent } from "../resources/idempotent";
import { type ApiRoot, root } from "../resources/root";
import { tags } from "../resources/tags";
import { teams } from "../resources/teams";
import { users } from "../resources/users";
import { webhooks } from "../resources/webhooks";

export { basicTokens, createProbe };

/** Options of `client.request()`. */
export interface RequestOptions extends CallOptions {
  /** Dates become UNIX seconds, lists repeated `name[]`; undefined and null are left out. Or a URLSearchParams. */
  query?: object | undefined;
  /** A plain object, sent as JSON; with POST and PUT only. */
  body?: object | undefined;
}

interface Nouns {
  calls?: ReturnType<typeof calls>;
  users?: ReturnType<typeof users>;
  teams?: ReturnType<typeof teams>;
  numbers?: ReturnType<typeof numbers>;
  contacts?: ReturnType<typeof contacts>;
  tags?: ReturnType<typeof tags>;
  messages?: ReturnType<typeof messages>;
  dialerCampaigns?: ReturnType<typeof dialerCampaigns>;
  outboundCampaigns?: ReturnType<typeof outboundCampaigns>;
  conversationIntelligence?: ReturnType<typeof conversationIntelligence>;
  aiVoiceAgents?: ReturnType<typeof aiVoiceAgents>;
  analytics?: ReturnType<typeof analytics>;
  webhooks?: ReturnType<typeof webhooks>;
  company?: ReturnType<typeof company>;
  integrations?: ReturnType<typeof integrations>;
  a2pCampaignAssociations?: ReturnType<typeof a2pCampaignAssociations>;
}

/** Aircall's API as objects: one per noun of its documentation, made when first used. */
export class AircallClient {
  #source: Api | (() => Api);
  /** Null until one is used: most requests use none, and a field for each would cost all of them. */
  #nouns: Nouns | null = null;

  /** @internal `createAircallClient()` makes one. */
  constructor(source: Api | (() => Api)) {
    this.#source = source;
  }

  get calls(): ReturnType<typeof calls> {
    return (this.#made.calls ??= calls(this.#http));
  }

  get users(): ReturnType<typeof users> {
    return (this.#made.users ??= users(this.#http));
  }

  get teams(): ReturnType<typeof teams> {
    return (this.#made.teams ??= teams(this.#http));
  }

  get numbers(): ReturnType<typeof numbers> {
    return (this.#made.numbers ??= numbers(this.#http));
  }

  get contacts(): ReturnType<typeof contacts> {
    return (this.#made.contacts ??= contacts(this.#http));
  }

  get tags(): ReturnType<typeof tags> {
    return (this.#made.tags ??= tags(this.#http));
  }

  get messages(): ReturnType<typeof messages> {
    return (this.#made.messages ??= messages(this.#http));
  }

  get dialerCampaigns(): ReturnType<typeof dialerCampaigns> {
    return (this.#made.dialerCampaigns ??= dialerCampaigns(this.#http));
  }

  get outboundCampaigns(): ReturnType<typeof outboundCampaigns> {
    return (this.#made.outboundCampaigns ??= outboundCampaigns(this.#http));
  }

  get conversationIntelligence(): ReturnType<typeof conversationIntelligence> {
    return (this.#made.conversationIntelligence ??= conversationIntelligence(this.#http));
  }

  get aiVoiceAgents(): ReturnType<typeof aiVoiceAgents> {
    return (this.#made.aiVoiceAgents ??= aiVoiceAgents(this.#http));
  }

  get analytics(): ReturnType<typeof analytics> {
    return (this.#made.analytics ??= analytics(this.#http));
  }

  get webhooks(): ReturnType<typeof webhooks> {
    return (this.#made.webhooks ??= webhooks(this.#http));
  }

  get company(): ReturnType<typeof company> {
    return (this.#made.company ??= company(this.#http));
  }

  get integrations(): ReturnType<typeof integrations> {
    return (this.#made.integrations ??= integrations(this.#http));
  }

  get a2pCampaignAssociations(): ReturnType<typeof a2pCampaignAssociations> {
    return (this.#made.a2pCampaignAssociations ??= a2pCampaignAssociations(this.#http));
  }

  /** Succeeds when Aircall accepts the credential. */
  ping(options?: CallOptions): Answer<Pong> {
    return ping(this.#http, options);
  }

  /** What stands at the top of the API. */
  root(options?: CallOptions): Answer<ApiRoot> {
    return root(this.#http, options);
  }

  /**
   * Any other endpoint, with the same care: `client.request("GET", "/v1/teams")`. Resolves to the whole answer, or
   * undefined when it is empty.
   * @throws {ConfigError} when the path leaves the API.
   */
  request<T>(method: Method, path: string, requested: RequestOptions = {}): Answer<T> {
    try {
      checkCallOptions(requested, [...callOptionNames, "query", "body"]);
      const { query, body, ...options } = requested;
      if (body !== undefined && method !== "POST" && method !== "PUT") {
        throw new ConfigError(`request(): ${method} takes no body; pass query instead.`);
      }
      return this.#http.send<T>(rawRoute(method, path, query), null, options, body);
    } catch (error) {
      return rejected("request()", error);
    }
  }

  /**
   * The same connection with other defaults: `withOptions({ lane: "bulk", timeoutMs: 120_000 })`. What a call says for
   * itself still comes first; `lane` is for walks too. `readOnly: true` makes a client to hand to code that must not act.
   * @throws {ConfigError} an option is unknown, or its value impossible.
   */
  withOptions(options: ClientOptions): AircallClient {
    checkClientOptions(options);
    return new AircallClient(() => derive(this.#http, options));
  }

  /**
   * The company's request budget as known in this process. With OAuth a client learns whose it is at its first request;
   * until then there is nothing to show but nulls.
   */
  get budget(): BudgetSnapshot {
    return this.#http.budget();
  }

  get #made(): Nouns {
    return (this.#nouns ??= {});
  }

  get #http(): Api {
    if (typeof this.#source === "function") this.#source = this.#source();
    return this.#source;
  }
}

/** Options of `createAircallClient()`. */
export interface AircallClientOptions extends Omit<SettingsOptions, "oauthSettingsLocation"> {
  /**
   * Where the grant is kept that this client works with: the file in which `npx express-aircall login` keeps it, or a
   * grant store of your app's with one company in it. `memory://`, with a token obtained elsewhere: in this process only.
   * Variable `AIRCALL_OAUTH_SETTINGS_LOCATION`.
   */
  oauthSettingsLocation?: string | GrantStore | undefined;
  /**
   * Open the file of `oauthSettingsLocation`, as in `fileGrants()`. Default: those in the variable
   * `AIRCALL_ENCRYPTION_KEYS`, separated by commas; without any, a key made of the client's secret.
   */
  encryptionKeys?: readonly string[] | undefined;
  /**
   * Counts the company's requests together with all processes that share this Redis: your own client, of node-redis 5
   * or 6 or ioredis 5, as `redisGrants()` takes it; never configured or closed. Needs `rate-limiter-flexible`. It is the
   * client and not a counter to implement: what is counted has to be the same in every process, the web app's included.
   * Default: this process counts for itself.
   */
  redis?: RedisClient | undefined;
}

/**
 * A client for scripts and jobs: with one company's API ID and token, with an access token, or with the grant that
 * `npx express-aircall login` has kept. The settings are those of docs/settings.md; what is not given comes from the
 * environment. What can be renewed is, as `aircallAuth()` would; a kept grant is once for all processes that share it. `close` waits for a renewal under way and ends the connections.
 * @throws {ConfigError} when the settings are incomplete.
 */
export function createAircallClient(options: AircallClientOptions = {}): AircallClient & { close(): Promise<void> } {
  const {
    redis,
    encryptionKeys,
    oauthSettingsLocation: location,
    ...others
  } = ownOptions(options, "createAircallClient()");
  const grants = givenStore(location);
  const settings = { ...others, oauthSettingsLocation: typeof location === "string" ? location : undefined };
  const otherOptions = ["redis", "encryptionKeys"];
  const config = readConfig(settings, { door: "client", otherOptions, hasGrants: grants !== undefined });
  const { apiUrl, timeoutMs, readOnly } = config;
  const counter = redis === undefined ? null : createSharedWindow(redis);
  const [transport, limiter] = [
    createTransport(config.fetch, config.dispatcher),
    createBudgets({ counter: () => counter }),
  ];
  const alone = createAlone(redis && createRedisExclusive({ client: redis, prefix: "aircall:" }));
  const parts = { apiUrl, timeoutMs, readOnly, idempotent, transport, limiter, alone };
  const { tokens, close } = credentialsOf(config, parts, { grants, encryptionKeys });
  return Object.assign(new AircallClient(createApi({ ...parts, tokens })), {
    async close() {
      await close();
      limiter.close();
      await transport.close();
    },
  });
}

interface GrantsGiven {
  readonly grants: GrantStore | undefined;
  readonly encryptionKeys: readonly string[] | undefined;
}

function credentialsOf(
  config: Config,
  parts: Omit<HttpParts, "tokens">,
  { grants, encryptionKeys }: GrantsGiven,
): ClientGrant {
  if (config.scheme === "Basic") {
    return { tokens: basicTokens(config, createProbe(parts)), close: () => Promise.resolve() };
  }
  if (config.staticTokens) return createStaticGrant(config, config.staticTokens, parts);
  if (grants) return createKeptGrant(config, parts, { store: grants, where: null });
  const { store, path } = grantsAtLocation(config, encryptionKeys);
  return createKeptGrant(config, parts, { store, where: path });
}
