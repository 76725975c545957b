import { basicTokens, createProbe, staticTokens } from "./client/tokens";
import { type Config, readConfig, type SettingsOptions } from "./config/config";
import { ConfigError } from "./errors";
import { type CallOptions, createHttp, type Http, type Probe, type TokenSource } from "./http/http";
import { type Method, rawRoute } from "./http/route";
import { createTransport } from "./http/transport";
import { calls } from "./resources/calls";
import { company } from "./resources/company";
import { integrations } from "./resources/integrations";
import { ping, type Pong } from "./resources/ping";
import { users } from "./resources/users";

export { basicTokens, createProbe, staticTokens };

export interface RequestOptions extends CallOptions {
  /** Dates become UNIX seconds, lists repeated `name[]`; undefined and null are left out. */
  query?: object;
  /** Sent as JSON; with POST and PUT only. */
  body?: object;
}

/** Aircall's API as objects: one per noun of its documentation, made when first used. */
export class AircallClient {
  #source: Http | (() => Http);
  #calls?: ReturnType<typeof calls>;
  #users?: ReturnType<typeof users>;
  #company?: ReturnType<typeof company>;
  #integrations?: ReturnType<typeof integrations>;

  constructor(source: Http | (() => Http)) {
    this.#source = source;
  }

  get calls() {
    return (this.#calls ??= calls(this.#http));
  }

  get users() {
    return (this.#users ??= users(this.#http));
  }

  get company() {
    return (this.#company ??= company(this.#http));
  }

  get integrations() {
    return (this.#integrations ??= integrations(this.#http));
  }

  /** Succeeds when Aircall accepts the credential. */
  ping(options?: CallOptions): Promise<Pong> {
    return ping(this.#http, options);
  }

  /**
   * Any other endpoint, with the same care: `client.request("GET", "/v1/teams")`. Resolves to the whole answer, or
   * undefined when it is empty.
   * @throws {ConfigError} when the path leaves the API.
   */
  async request<T>(method: Method, path: string, { query, body, ...options }: RequestOptions = {}): Promise<T> {
    if (body && method !== "POST" && method !== "PUT") {
      throw new ConfigError(`request(): ${method} takes no body; pass query instead.`);
    }
    return this.#http.send<T>(rawRoute(method, path, query), null, body, options);
  }

  get #http(): Http {
    if (typeof this.#source === "function") this.#source = this.#source();
    return this.#source;
  }
}

/**
 * A client for scripts and jobs, with the API ID and token or an access token of one company. The settings are those
 * of the README's table; what is not given comes from the environment. `close` ends its connections.
 * @throws {ConfigError} when the settings are incomplete.
 */
export function createAircallClient(settings: SettingsOptions = {}): AircallClient & { close(): Promise<void> } {
  const config = readConfig(settings, { door: "client" });
  const parts = { apiUrl: config.apiUrl, timeoutMs: config.timeoutMs, transport: createTransport(config.fetch) };
  const http = createHttp({ ...parts, tokens: tokensOf(config, createProbe(parts)) });
  return Object.assign(new AircallClient(http), { close: () => parts.transport.close() });
}

function tokensOf(config: Config, probe: Probe): TokenSource {
  if (config.scheme === "Basic") return basicTokens(config, probe);
  if (config.staticTokens) return staticTokens(config.staticTokens, probe);
  throw new ConfigError(
    "A client outside Express needs User and Password, or OAuthAccessToken: it has nobody to send to Aircall's sign-in.",
  );
}
