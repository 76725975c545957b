import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fields } from "../../config/fields";
import { propertyOf } from "../../errors/property";
import { sameText } from "../../sign-in/attempt";
import { Failure } from "../terminal";

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** An event without its token. */
export type Event = Readonly<Record<string, unknown>>;

interface Listening {
  /** Undefined until the webhook is made. */
  readonly token: () => string | undefined;
  readonly onEvent: (event: Event) => void;
  readonly onRefused: () => void;
}

const mostCharacters = 1_000_000;

/** Takes deliveries on this machine. @throws {Failure} it cannot listen there. */
export async function serveDeliveries({ host, port }: Place, listening: Listening) {
  const server = createServer((req, res) => {
    void take(req, res, listening).catch(() => res.destroy());
  });
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  } catch (error) {
    throw new Failure(`Cannot listen on ${host}, port ${port}: ${String(propertyOf(error, "code"))}.`);
  }
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take(req: IncomingMessage, res: ServerResponse, listening: Listening): Promise<void> {
  if (req.method !== "POST") return end(res, 405);
  const text = await bodyOf(req);
  if (text === null) return end(res, 413);
  const { token, ...event } = parsed(text);
  const expected = listening.token();
  if (typeof token !== "string" || expected === undefined || !sameText(token, expected)) {
    listening.onRefused();
    return end(res, 401);
  }
  end(res, 200);
  listening.onEvent(event);
}

async function bodyOf(req: IncomingMessage): Promise<string | null> {
  let text = "";
  for await (const chunk of req.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > mostCharacters) return null;
  }
  return text;
}

function parsed(text: string): Event {
  try {
    return fields(JSON.parse(text));
  } catch {
    return {};
  }
}

function end(res: ServerResponse, status: number): void {
  res.writeHead(status, { Connection: "close" }).end();
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
