import { createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An app under test: what `createServer` takes (an Express app), a server that listens, or its address. */
export type AppUnderTest = RequestListener | Server | string;

/** Options of `simulator.signIn()`. */
export interface SignInOptions {
  /** Where the app begins to connect an account. Default `/auth/aircall`. */
  path?: string | undefined;
  /** Who consents. Default: the first company. */
  companyId?: number | undefined;
  /**
   * Sent with every visit: e.g. `Host`, as in the app's callback address, `X-Forwarded-Proto` for one behind a proxy, or
   * the `Cookie` of somebody who has logged in to the app: what the app sets joins it.
   */
  headers?: Readonly<Record<string, string>> | undefined;
}

interface Visit {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const navigation = { Accept: "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
const redirectsFollowed = 5;

/**
 * Visits the app as a browser does that connects an account, `consent` being the person. Resolves to its cookies, as the
 * header `Cookie` has them.
 */
export async function signIn(
  app: AppUnderTest,
  consent: (authorizeUrl: string) => string,
  { path = "/auth/aircall", headers = {} }: SignInOptions,
): Promise<string> {
  const { origin, close } = await serve(app);
  const { cookies, others } = apart(headers);
  try {
    const sent = await visit(path);
    const { pathname, search } = new URL(consent(addressIn(sent)));
    const { status } = await visit(pathname + search);
    if (status < 400 && cookies.size > 0) return cookieHeader(cookies);
    throw new Error(`The app did not sign in: it answered the callback ${pathname} with ${status}.`);
  } finally {
    await close();
  }

  /** Follows redirects within the app, up to one that leads away. */
  async function visit(path: string, left = redirectsFollowed): Promise<Visit> {
    const cookie = cookieHeader(cookies);
    const answer = await get(new URL(path, origin), { ...navigation, ...others, ...(cookie && { cookie }) });
    keep(cookies, answer.headers["set-cookie"]);
    const { location = "" } = answer.headers;
    const within = location.startsWith("/") && !location.startsWith("//");
    return within && left > 0 ? visit(location, left - 1) : answer;
  }

  function addressIn({ status, headers: { location } }: Visit): string {
    if (location !== undefined && URL.canParse(location)) return location;
    throw new Error(`${path} answered ${status} and does not lead to Aircall. Is it where the app begins to sign in?`);
  }
}

async function serve(app: AppUnderTest): Promise<{ origin: string; close: () => Promise<void> }> {
  if (typeof app === "string") return { origin: app, close: () => Promise.resolve() };
  const own = typeof app === "function";
  const server = own ? createServer(app) : app;
  if (own) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo | null;
  if (!address) throw new Error("signIn() takes a server that listens already.");
  return { origin: `http://127.0.0.1:${address.port}`, close: () => (own ? stop(server) : Promise.resolve()) };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function get(url: URL, headers: Record<string, string>): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (answer) => {
      answer.resume().on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    sent.on("error", reject).end();
  });
}

/** The cookies that somebody brings, and the other headers. */
function apart(headers: Readonly<Record<string, string>>) {
  const [brought, rest] = [true, false].map((wanted) =>
    Object.entries(headers).filter(([name]) => (name.toLowerCase() === "cookie") === wanted),
  );
  const cookies = new Map<string, string>();
  for (const [, value] of brought!) keep(cookies, value.split(";"));
  return { cookies, others: Object.fromEntries(rest!) };
}

/** Whether a cookie is for https only does not matter here. */
function keep(cookies: Map<string, string>, lines: readonly string[] = []): void {
  for (const line of lines) {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const at = pair.indexOf("=");
    const ended = attributes.some((attribute) => /^(max-age=(0|-\d+)|expires=Thu, 01 Jan 1970)/i.test(attribute));
    if (ended) cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

function cookieHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}
