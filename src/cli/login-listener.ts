import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { propertyOf } from "../errors/property";
import { sameText } from "../sign-in/attempt";
import { targetOf } from "../sign-in/request-target";
import { within } from "../time/within";
import { Failure, type Terminal } from "./terminal";

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What is asked of the person at the terminal. */
export interface Asked {
  /** Where Aircall asks for consent. */
  readonly url: string;
  readonly state: string;
  readonly callbackUrl: string;
}

/** What came back from Aircall. */
export interface Answer {
  /** Path and query, with the code. */
  readonly target: string;
  /** Answers the browser with a page, where there is one. */
  say(status: number, sentence: string): void;
  close(): Promise<void>;
}

/** Takes the first answer to this sign-in; whatever else arrives is refused and changes nothing. */
export async function byListening(
  { host, port }: Place,
  { url, state, callbackUrl }: Asked,
  { stdout, waitMs }: Terminal,
): Promise<Answer> {
  const { pathname } = new URL(callbackUrl);
  let take: (answer: Pick<Answer, "target" | "say">) => void = () => undefined;
  const first = new Promise<Pick<Answer, "target" | "say">>((resolve) => (take = resolve));
  let taken = false;

  const server = createServer((req, res) => {
    const { path, query } = targetOf(req.url ?? "/");
    if (req.method !== "GET" || path !== pathname) return show(res, 404, "There is nothing here.");
    if (!sameText(new URLSearchParams(query).get("state") ?? "", state)) return show(res, 400, notBegunHere);
    if (taken) return show(res, 409, "This sign-in has had its answer. You can close this window.");
    taken = true;
    take({ target: `${path}?${query}`, say: (status, sentence) => show(res, status, sentence) });
  });

  const at = await listen(server, { host, port });
  stdout.write(
    `Open this address in a browser, and let Aircall lead it to ${callbackUrl} (heard at ${at}):\n\n${url}\n\n`,
  );
  try {
    return { ...(await within({ limitMs: waitMs, late: () => tooLate(waitMs) }, first)), close: () => close(server) };
  } catch (error) {
    await close(server);
    throw error;
  }
}

export function tooLate(waitMs: number): never {
  throw new Failure(`Nobody answered within ${waitMs / 1_000} s. Run the command again.`);
}

const notBegunHere = "This sign-in was not begun at the terminal that waits here.";

async function listen(server: Server, { host, port }: Place): Promise<string> {
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  } catch (error) {
    throw new Failure(`Cannot listen on ${host}, port ${port}: ${String(propertyOf(error, "code"))}.`);
  }
  return `${host}:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function show(res: ServerResponse, status: number, sentence: string): void {
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    Connection: "close",
  };
  res.writeHead(status, headers).end(`<!doctype html><title>express-aircall</title><p>${sentence}</p>\n`);
}
