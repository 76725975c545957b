import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Express } from "express";
import { parseSetCookie, stringifyCookie } from "cookie";

export interface Injected {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

/** A browser whose requests reach the app without a socket, for tests that need tens of thousands of them. */
export interface InjectedBrowser {
  /** Every value that a cookie of this name ever had. */
  readonly seen: Set<string>;
  visit(app: Express, url: string, method?: "GET" | "POST"): Promise<Injected>;
  /** Another one with the same cookies. */
  copy(): InjectedBrowser;
  /** One that has nothing but this session cookie. */
  withCookie(value: string): InjectedBrowser;
}

const session = "connect.sid";

export function createInjectedBrowser(host: string, cookies = new Map<string, string>()): InjectedBrowser {
  const seen = new Set<string>();
  return {
    seen,
    copy: () => createInjectedBrowser(host, new Map(cookies)),
    withCookie: (value) => createInjectedBrowser(host, new Map([[session, value]])),
    async visit(app, url, method = "GET") {
      const answer = await inject(app, { url, method, host, cookie: stringifyCookie(Object.fromEntries(cookies)) });
      for (const line of answer.setCookies) {
        const { name, value = "", maxAge } = parseSetCookie(line);
        if (maxAge === 0) cookies.delete(name);
        else cookies.set(name, value);
        if (name === session) seen.add(value);
      }
      return answer;
    },
  };
}

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly host: string;
  readonly cookie: string;
}

/** What Node's own request and response make of it; nobody writes to the socket. */
function inject(app: Express, { url, method, host, cookie }: Sent): Promise<Injected & { setCookies: string[] }> {
  const req = new IncomingMessage(new Socket());
  const headers = { host, cookie, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  Object.assign(req, { url, method, headers: { ...headers, "sec-fetch-site": "same-origin" } });
  const res = new ServerResponse(req);
  const chunks: string[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string" || Buffer.isBuffer(chunk)) chunks.push(chunk.toString());
  };

  return new Promise((resolve) => {
    res.write = (chunk: unknown) => (keep(chunk), true);
    res.end = ((chunk: unknown) => {
      keep(chunk);
      if (!res.headersSent) res.writeHead(res.statusCode);
      res.emit("close");
      resolve({
        status: res.statusCode,
        location: String(res.getHeader("location") ?? ""),
        setCookies: [res.getHeader("set-cookie") ?? []].flat().map(String),
        text: chunks.join(""),
      });
      return res;
    }) as typeof res.end;
    (app as unknown as (req: IncomingMessage, res: ServerResponse) => void)(req, res);
  });
}
