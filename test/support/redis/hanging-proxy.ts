import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a Redis that can fall silent: connections stay open, and nothing comes through any more. */
export interface HangingProxy {
  readonly port: number;
  /** Commands let through since it was last told to hang, or since it began. */
  readonly commands: number;
  /** Lets so many more commands through, with their replies; none from then on. */
  hangAfter(commands: number): void;
  /** Delays each reply. */
  slowDown(ms: number): void;
  close(): Promise<void>;
}

export async function startHangingProxy(redisPort: number): Promise<HangingProxy> {
  const sockets = new Set<Socket>();
  let left = Infinity;
  let passed = 0;
  let delayMs = 0;

  function forward(client: Socket, redis: Socket): void {
    let unread: Buffer = Buffer.alloc(0);
    client.on("data", (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let end = endOfCommand(unread); end > 0; end = endOfCommand(unread)) {
        if (left > 0) redis.write(unread.subarray(0, end));
        if (left > 0) passed += 1;
        left -= 1;
        unread = unread.subarray(end);
      }
    });
    redis.on("data", (chunk: Buffer) => {
      if (delayMs > 0) setTimeout(() => client.write(chunk), delayMs);
      else client.write(chunk);
    });
  }

  const server = createServer((client) => {
    const redis = connect(redisPort, "127.0.0.1");
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (client.destroy(), redis.destroy()));
    }
    forward(client, redis);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    get commands() {
      return passed;
    },
    hangAfter(commands) {
      passed = 0;
      left = commands;
    },
    slowDown(ms) {
      delayMs = ms;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Where the first command ends: RESP sends a list of texts, each with its length. 0 while it is not whole. */
function endOfCommand(bytes: Buffer): number {
  let at = 0;

  function readLength(): number {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return -1;
    const length = Number(bytes.toString("latin1", at + 1, end));
    at = end + 2;
    return length;
  }

  const parts = readLength();
  for (let part = 0; part < parts; part += 1) {
    const length = readLength();
    if (length < 0 || at + length + 2 > bytes.length) return 0;
    at += length + 2;
  }
  return parts < 0 ? 0 : at;
}
