import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can fall silent or break, whatever is spoken on it. */
export interface TcpProxy {
  readonly port: number;
  /** Connections stay open, and nothing comes through any more; with false, what was held back does. */
  hang(hangs: boolean): void;
  /** Breaks every connection as soon as the server answers on it; with a number, at the so-many-th answer only. */
  cutAnswers(cuts: boolean | number): void;
  close(): Promise<void>;
}

export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let held: (() => void)[] | null = null;
  let cuts: boolean | number = false;

  function pass(chunk: Buffer, to: Socket): void {
    if (held) held.push(() => to.write(chunk));
    else to.write(chunk);
  }

  function answer(chunk: Buffer, to: Socket): void {
    if (typeof cuts === "number") cuts -= 1;
    if (cuts === true || cuts === 0) to.resetAndDestroy();
    else pass(chunk, to);
  }

  const proxy = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (client.destroy(), server.destroy()));
    }
    client.on("data", (chunk: Buffer) => pass(chunk, server));
    server.on("data", (chunk: Buffer) => answer(chunk, client));
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
