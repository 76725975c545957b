import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface TokenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From JSON or a form. */
  readonly params: Record<string, string>;
}

export interface TokenServer {
  readonly url: string;
  /** In the order of arrival. */
  readonly requests: TokenRequest[];
  close(): Promise<void>;
}

/** A token endpoint that answers what it is told to. */
export async function startTokenServer(
  answer: (res: ServerResponse, request: TokenRequest) => unknown,
): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      const request = { headers: req.headers, body, params: parse(body, req.headers["content-type"]) };
      requests.push(request);
      return answer(res, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/oauth/token`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Renews as a strict server does: a refresh token works once, and each answer carries the next. */
export function rotatingTokens(expiresIn = 3600): (res: ServerResponse, request: TokenRequest) => void {
  let turn = 0;
  return (res, { params }) => {
    if (params["refresh_token"] !== `refresh-${turn}`) return json(res, { error: "invalid_grant" }, 400);
    turn += 1;
    json(res, { access_token: `access-${turn}`, refresh_token: `refresh-${turn}`, expires_in: expiresIn });
  };
}

function parse(body: string, contentType = ""): Record<string, string> {
  if (contentType.includes("json")) return JSON.parse(body) as Record<string, string>;
  return Object.fromEntries(new URLSearchParams(body));
}
