import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createSimulator, type Simulator, type SimulatorOptions } from "express-aircall/simulator";

type Random = () => number;

/** An Aircall that often misbehaves, and then says back whatever it was told. */
export interface HostileUpstream {
  readonly simulator: Simulator;
  /** The body of every token request. */
  readonly tokenRequests: string[];
  close(): Promise<void>;
}

/** Answers a share of the requests, `honest` of their address, as the simulator does, and the others in a way of its own. */
export async function startHostileUpstream(
  { honest, random }: { honest: (url: string) => number; random: Random },
  options: SimulatorOptions = {},
): Promise<HostileUpstream> {
  const tokenRequests: string[] = [];
  const server = createServer((req, res) => {
    const { url = "" } = req;
    const honestly = random() < honest(url);
    void text(req).then((body) => {
      if (url === "/v1/oauth/token") tokenRequests.push(body);
      if (honestly) return replay(req, res, body);
      pick(deeds, random)(res, told(req, body), random);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator = createSimulator({ kind: true, ...options, url });

  /** To the simulator, whose own reader finds the body read already. */
  function replay(req: IncomingMessage, res: ServerResponse, body: string): void {
    Object.assign(req, { body: body === "" ? {} : (JSON.parse(body) as object), _body: true });
    simulator.handler(req, res);
  }

  return {
    simulator,
    tokenRequests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Everything a request said, in one line and in several. */
function told({ method, url, headers }: IncomingMessage, body: string): string {
  return `${method} ${url} ${headers.authorization ?? ""} ${body}\r\nX-Injected: ${headers.authorization ?? body}`;
}

type Deed = (res: ServerResponse, echo: string, random: Random) => unknown;

const statuses = [200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 502, 503];

const deeds: readonly Deed[] = [
  (res, echo, random) => send(res, random, JSON.stringify({ error: echo, troubleshoot: echo, message: echo })),
  (res, echo, random) =>
    send(res, random, JSON.stringify({ error: "Bad Request", troubleshoot: [echo, { [echo]: echo }] })),
  (res, echo, random) => send(res, random, JSON.stringify({ error: "invalid_grant", error_description: echo })),
  (res, echo, random) => send(res, random, JSON.stringify({ error: { errors: [{ message: echo }] }, key: echo })),
  (res, echo, random) => send(res, random, JSON.stringify({ access_token: { [echo]: echo }, token_type: echo })),
  (res, echo, random) =>
    send(res, random, JSON.stringify({ access_token: echo, refresh_token: echo, expires_in: echo })),
  (res, echo, random) =>
    send(res, random, JSON.stringify({ integration: echo, company: echo, calls: echo, meta: echo })),
  (res, echo, random) => send(res, random, JSON.stringify({ calls: [], meta: { next_page_link: `https://${echo}` } })),
  (res, echo, random) => send(res, random, JSON.stringify(echo)),
  (res, echo, random) => send(res, random, `<html>${echo}</html>`),
  (res, echo, random) => send(res, random, `{"error":"${echo}`),
  (res, _echo, random) => send(res, random, pick(["", "null", "[]", "42", "{}", '{"company":null}'], random)),
  (res, echo) => res.writeHead(200, { "content-length": "9999" }).write(echo, () => res.destroy()),
  (res) => res.socket?.resetAndDestroy(),
];

function send(res: ServerResponse, random: Random, body: string): void {
  const said = encodeURIComponent(body.slice(0, 300));
  const rate = { "x-aircallapi-limit": said, "x-aircallapi-remaining": said, "x-aircallapi-reset": said };
  const headers = { ...rate, "retry-after": said, location: `/${said}`, "www-authenticate": said, "x-echo": said };
  res.writeHead(pick(statuses, random), said, { "content-type": "application/json", ...headers });
  res.end(body);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!;
}
