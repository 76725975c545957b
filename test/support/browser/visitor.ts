import { parseSetCookie, stringifyCookie } from "cookie";
import { type Agent, request } from "undici";

export interface Visit {
  readonly method?: "GET" | "POST" | "HEAD";
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  /** Whole lines, in the order they were sent. */
  readonly setCookies: string[];
  /** Where a redirect leads, as sent; empty without one. */
  readonly location: string;
  readonly text: string;
}

/**
 * A browser at one origin that is fast enough for thousands of visits: connections stay open, cookies are kept while
 * they live, redirects are not followed.
 */
export interface Visitor {
  visit(pathOrUrl: string, visit?: Visit): Promise<Answer>;
  /** By name, as last set. */
  readonly cookies: Map<string, string>;
  /** Another browser that has copied these cookies. */
  copy(): Visitor;
}

export function createVisitor(origin: string, agent: Agent, cookies = new Map<string, string>()): Visitor {
  return {
    cookies,
    copy: () => createVisitor(origin, agent, new Map(cookies)),
    async visit(pathOrUrl, { method = "GET", headers = {} } = {}) {
      const sent = cookies.size ? { cookie: stringifyCookie(Object.fromEntries(cookies)) } : {};
      const url = new URL(pathOrUrl, origin);
      const answer = await request(url, { method, dispatcher: agent, headers: { ...navigation, ...sent, ...headers } });
      const setCookies = [answer.headers["set-cookie"] ?? []].flat();
      for (const line of setCookies) keep(cookies, line);
      const location = String(answer.headers["location"] ?? "");
      return {
        status: answer.statusCode,
        headers: answer.headers,
        setCookies,
        location,
        text: await answer.body.text(),
      };
    },
  };
}

/** What browsers say of themselves when a person follows a link. */
const navigation = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html" };

function keep(cookies: Map<string, string>, line: string): void {
  const { name, value = "", maxAge } = parseSetCookie(line);
  if (maxAge === 0) cookies.delete(name);
  else cookies.set(name, value);
}
