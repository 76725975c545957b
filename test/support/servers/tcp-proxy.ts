import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can fall silent or break, whatever is spoken on it. */
export interface TcpProxy {
  readonly port: number;
  /** Connections stay open, and nothing comes through any more; with false, what was held back does. */
  hang(hangs: boolean): void;
  /** Breaks every connection as soon as the server answers on it. */
  cutAnswers(cuts: boolean): void;
  close(): Promise<void>;
}

export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let held: (() => void)[] | null = null;
  let cuts = false;

  function pass(chunk: Buffer, to: Socket): void {
    if (held) held.push(() => to.write(chunk));
    else to.write(chunk);
  }

  const proxy = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (client.destroy(), server.destroy()));
    }
    client.on("data", (chunk: Buffer) => pass(chunk, server));
    server.on("data", (chunk: Buffer) => (cuts ? client.resetAndDestroy() : pass(chunk, client)));
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");

  return {
    port: (proxy.address() as AddressInfo).port,
    hang(hangs) {
      const due = held ?? [];
      held = hangs ? due : null;
      if (!hangs) for (const send of due) send();
    },
    cutAnswers: (does) => void (cuts = does),
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
