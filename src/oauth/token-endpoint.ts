import type { ClientCredentials, OAuthConfig } from "../config/config";
import { isProgrammingError } from "../errors/programming-error";
import { BodyTooLarge, CodingUnreadable, parseBody } from "../http/response-body";
import type { Transport, TransportAnswer, TransportRequest } from "../http/transport/transport";
import { type Way, wayTo } from "../http/transport/unreachable";
import { readOAuthError, refusalOf, timedOut, TokenRefusal, unreachable } from "./token-refusal";
import { readTokens, type Tokens } from "./tokens";
import { within } from "../time/within";

const maxAnswerBytes = 65_536;
const exchangeTimeoutMs = 15_000;
const renewalTimeoutMs = 20_000;

export type TokenParams = Readonly<Record<string, string>>;

export interface TokenAnswer {
  readonly tokens: Tokens;
  /** The whole answer as it came; Passport hands it to `verify` as `params`. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface CodeExchange {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier?: string;
  /** Parameters of the application's own; those of the protocol win. */
  readonly extra?: TokenParams;
}

/** Every method rejects with a {@link TokenRefusal}, or with a bug as it was thrown. */
export interface TokenEndpoint {
  exchange(exchange: CodeExchange): Promise<TokenAnswer>;
  renew(refreshToken: string): Promise<TokenAnswer>;
  /** Sends `params` with the client's credentials; `timeoutMs` covers connection, headers and body. */
  request(params: TokenParams, timeoutMs: number): Promise<TokenAnswer>;
}

export interface TokenEndpointParts {
  readonly tokenUrl: string;
  readonly client: ClientCredentials;
  readonly tokenRequest: "json" | "form";
  readonly transport: Transport;
  readonly now?: () => number;
}

/** Speaks to the token endpoint. Aircall takes the client's credentials in the body, as JSON or as a form. */
export function createTokenEndpoint(parts: TokenEndpointParts): TokenEndpoint {
  const { client, transport, now = Date.now } = parts;
  const url = new URL(parts.tokenUrl).href;
  const encode = parts.tokenRequest === "json" ? asJson : asForm;

  async function request(params: TokenParams, timeoutMs: number): Promise<TokenAnswer> {
    const content = encode({ ...params, client_id: client.id, client_secret: client.secret });
    const answer = await limited({ timeoutMs, way: () => wayTo(url, transport) }, (signal) =>
      post(transport, { method: "POST", url, ...content, signal }),
    );
    return readAnswer(answer, now());
  }

  return {
    request,
    exchange({ code, redirectUri, codeVerifier, extra = {} }) {
      const params = { ...extra, grant_type: "authorization_code", code, redirect_uri: redirectUri };
      return request(codeVerifier ? { ...params, code_verifier: codeVerifier } : params, exchangeTimeoutMs);
    },
    renew(refreshToken) {
      return request({ grant_type: "refresh_token", refresh_token: refreshToken }, renewalTimeoutMs);
    },
  };
}

/** Where tokens are renewed; null where nothing may be, or nobody has the credentials for it. */
export function renewalEndpoint(config: OAuthConfig, transport: Transport): Pick<TokenEndpoint, "renew"> | null {
  const { client, initiateOAuth } = config;
  return client && initiateOAuth !== "OFF" ? createTokenEndpoint({ ...config, client, transport }) : null;
}

type Content = Pick<TransportRequest, "headers" | "body">;

function asJson(params: TokenParams): Content {
  return { headers: headers("application/json"), body: JSON.stringify(params) };
}

function asForm(params: TokenParams): Content {
  return { headers: headers("application/x-www-form-urlencoded"), body: new URLSearchParams(params).toString() };
}

function headers(contentType: string): Content["headers"] {
  return { "content-type": contentType, accept: "application/json" };
}

interface Limits {
  readonly timeoutMs: number;
  readonly way: () => Way;
}

/** Raced as well as aborted: a transport that ignores the signal keeps nobody waiting. */
async function limited<T>({ timeoutMs, way }: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = () => {
    throw timedOut(timeoutMs);
  };
  try {
    return await within({ limitMs: timeoutMs, late }, work(controller.signal));
  } catch (error) {
    throw error instanceof TokenRefusal || isProgrammingError(error) ? error : unreachable(error, way());
  } finally {
    controller.abort();
  }
}

interface PlainAnswer {
  readonly status: number;
  /** Empty when nobody should read it. */
  readonly body: string;
}

async function post(transport: Transport, request: TransportRequest): Promise<PlainAnswer> {
  const answer = await transport.send(request);
  if (answer.status >= 300 && answer.status < 400) {
    answer.discard().catch(() => undefined);
    return { status: answer.status, body: "" };
  }
  return { status: answer.status, body: await readBody(answer) };
}

async function readBody(answer: TransportAnswer): Promise<string> {
  try {
    return (await answer.bytes(maxAnswerBytes)).toString("utf8");
  } catch (error) {
    if (error instanceof BodyTooLarge || error instanceof CodingUnreadable) return "";
    throw error;
  }
}

function readAnswer({ status, body }: PlainAnswer, receivedAt: number): TokenAnswer {
  const raw = parseObject(body);
  const tokens = status >= 200 && status < 300 ? readTokens(raw, receivedAt) : null;
  if (!tokens) throw refusalOf(status, readOAuthError(raw));
  return { tokens, raw };
}

/** What is not a JSON object says nothing. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value = parseBody(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
