import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createApi } from "../../../src/client/api";
import type { HttpParts } from "../../../src/http/parts";
import type { TokenSource } from "../../../src/http/credential";
import { createTransport } from "../../../src/http/transport/choose";
import { idempotent } from "../../../src/resources/idempotent";

export interface Arrived {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Api {
  url: string;
  /** Everything that reached the server, in order. */
  arrived: Arrived[];
}

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown;
/** An answer to send; a body that is no string is sent as JSON. */
export type Reply = Handler | { status?: number; headers?: Record<string, string>; body?: unknown };

export const secret = "s3nt1nel-t0ken";
export const token: TokenSource = {
  owner: () => Promise.resolve({ grant: "grant:1", budget: "company:1" }),
  credential: () => Promise.resolve({ authorization: `Bearer ${secret}`, secret }),
  refused: () => Promise.resolve("permission"),
};

/** Servers and clients of one test file, closed after each test. */
export function useApi() {
  const closers: (() => unknown)[] = [];
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

  /** Answers the replies one after the other, the last one for ever. */
  async function serve(...replies: Reply[]): Promise<Api> {
    const arrived: Arrived[] = [];
    const server = createServer((req, res) => {
      const reply = replies[Math.min(arrived.length, replies.length - 1)] ?? {};
      const { method = "", url = "", headers } = req;
      const entry = { method, url, headers, body: "" };
      arrived.push(entry);
      void text(req).then(
        (body) => {
          entry.body = body;
          answer(reply, req, res);
        },
        () => undefined,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
  }

  /** An Http for that server, with real connections and sleepless waits unless told otherwise. */
  function connect(api: Api, { fetch = null, ...parts }: ConnectOptions = {}) {
    const transport = createTransport(fetch);
    closers.push(() => transport.close());
    const sleep = () => Promise.resolve();
    return createApi({ apiUrl: api.url, timeoutMs: 20_000, transport, tokens: token, idempotent, sleep, ...parts });
  }

  return { serve, connect };
}

type ConnectOptions = Partial<HttpParts> & { fetch?: typeof globalThis.fetch | null };

function answer(reply: Reply, req: IncomingMessage, res: ServerResponse): void {
  if (typeof reply === "function") return void reply(req, res);
  const { status = 200, headers = {}, body = "" } = reply;
  res.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}
