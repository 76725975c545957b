import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a receiver got, parsed. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: {
    readonly resource: string;
    readonly event: string;
    readonly event_name: string;
    readonly timestamp: number;
    readonly token: string;
    readonly data: Record<string, unknown>;
  };
}

type Answer = (res: ServerResponse, received: Received, count: number) => void | Promise<void>;

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

/** Receives webhooks as anybody may, without the library; answers 200 unless told otherwise. */
export async function startReceiver(answer: Answer = (res) => void res.end()) {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    void text(req).then((raw) => {
      const one: Received = { headers: req.headers, raw, body: JSON.parse(raw) as Received["body"] };
      received.push(one);
      return answer(res, one, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  open.push({ close });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    /** Names of the events, in the order of their arrival. */
    events: () => received.map(({ body }) => body.event),
    close,
  };
}

export function status(code: number): Answer {
  return (res) => void res.writeHead(code).end();
}
