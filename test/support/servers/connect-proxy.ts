import { once } from "node:events";
import { createServer, type IncomingMessage, request as send } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** An HTTP proxy: tunnels for CONNECT, and hands on what is asked for by its whole address. */
export interface ConnectProxy {
  readonly url: string;
  /** What it was asked for: `CONNECT api.example:443`, `GET http://api.example/`. */
  readonly asked: string[];
  /** The Proxy-Authorization of each. */
  readonly credentials: (string | undefined)[];
  close(): void;
}

/** With a `status` it refuses every tunnel by that. */
export async function startConnectProxy({ status }: { status?: number } = {}): Promise<ConnectProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Duplex>();
  const note = (req: IncomingMessage) => {
    asked.push(`${req.method} ${req.url}`);
    credentials.push(req.headers["proxy-authorization"]);
  };

  const server = createServer((req, res) => {
    note(req);
    const { method, headers } = req;
    const onward = send(req.url ?? "", { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => res.writeHead(502).end());
    req.pipe(onward);
  });
  server.on("connect", (req: IncomingMessage, client: Socket, head: Buffer) => {
    note(req);
    if (status !== undefined) return client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${req.url}`);
    const onward = connect(Number(port || 80), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      client.pipe(onward).pipe(client);
    });
    for (const socket of [client, onward]) {
      sockets.add(socket.on("error", () => undefined).on("close", () => (client.destroy(), onward.destroy())));
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    credentials,
    close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
