import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";

/** An address of its own for the pretend Aircall; `givenUrl` is the one it is known by elsewhere. */
export function createServing(handler: Express, givenUrl: string | null) {
  const server = createServer(handler);

  function url(): string {
    const known = knownUrl();
    if (known === null)
      throw new Error("The simulator has no address yet: await listen() first, or give the url option.");
    return known;
  }

  /** Null until it listens, where nobody has said it. */
  function knownUrl(): string | null {
    if (givenUrl !== null) return givenUrl.replace(/\/+$/, "");
    const address = server.address() as AddressInfo | null;
    if (!address) return null;
    return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  }

  async function listen(port = 0, host = "127.0.0.1"): Promise<{ url: string }> {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    return { url: url() };
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  return { url, knownUrl, listen, close };
}
