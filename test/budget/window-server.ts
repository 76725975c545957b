import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Settings {
  readonly limit: number;
  readonly windowMs: number;
  /** The first request begins a window, or the clock does. */
  readonly begins: "first" | "clock";
}

export interface WindowServer {
  readonly url: string;
  /** How many were served in each window, in order. */
  readonly served: number[];
  refused: number;
  close(): Promise<void>;
}

/** A server with a limit per fixed window, as Aircall's. */
export async function startWindowServer(settings: Settings): Promise<WindowServer> {
  const { limit, windowMs, begins } = settings;
  const served: number[] = [];
  let used = 0;
  let endsAt = 0;

  const http = createServer((_req, res) => {
    const now = Date.now();
    if (now >= endsAt) {
      endsAt = begins === "first" ? now + windowMs : (Math.floor(now / windowMs) + 1) * windowMs;
      used = 0;
      served.push(0);
    }
    used += 1;
    const refused = used > limit;
    if (refused) server.refused += 1;
    else served[served.length - 1]! += 1;
    res.setHeader("X-AircallApi-Limit", limit);
    res.setHeader("X-AircallApi-Remaining", Math.max(0, limit - used));
    res.setHeader("X-AircallApi-Reset", endsAt);
    setTimeout(() => res.writeHead(refused ? 429 : 200).end("{}"), 5 + 10 * Math.random());
  }).listen(0, "127.0.0.1");
  http.keepAliveTimeout = 0;
  await once(http, "listening");

  const server: WindowServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    served,
    refused: 0,
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
  return server;
}
