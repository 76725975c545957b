import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import cookieSession from "cookie-session";
import express, { type RequestHandler } from "express";
import session, { MemoryStore } from "express-session";
import { Server as SocketServer } from "socket.io";
import { io as connectSocket } from "socket.io-client";
import { ConfigError, NotConnectedError, aircallAuth, aircallErrors, requireAircall } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBrowser, type Browser } from "../support/browser/browser";
import { createConnectedApp, getAndRefresh, origin, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

type Next = (error?: unknown) => void;
type ConnectStyle = (req: unknown, res: unknown, next: Next) => unknown;

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const visit = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Accept: "text/html" };

/** Every way in that hands over something less than Express's request and answer. */
const callers: [who: string, call: (middleware: ConnectStyle, req: IncomingMessage, next: Next) => void][] = [
  ["an answer that is {}", (middleware, req, next) => void middleware(req, {}, next)],
  ["no answer", (middleware, req, next) => void middleware(req, undefined, next)],
  ["a handshake", (middleware, { headers }, next) => void middleware({ headers }, {}, next)],
  [
    "polka's request",
    (middleware, req, next) => void middleware(Object.assign(req, { path: req.url, originalUrl: req.url }), {}, next),
  ],
];

describe.each(callers)("aircallAuth() called with %s", (_who, call) => {
  it.each(["/", "/auth/aircall", "/auth/aircall/callback?code=a&state=b", "/auth/aircall/logout", "*", "http://x/y"])(
    "puts req.aircall there at %s, and serves no route",
    async (url) => {
      const auth = startAuth(await startSimulator());
      const seen: unknown[] = [];
      const middleware: ConnectStyle = (req, res, next) => {
        const record = (error?: unknown) => {
          seen.push(error, (req as { aircall: unknown }).aircall);
          next();
        };
        return (auth as unknown as ConnectStyle)(req, res, record);
      };
      await askOnce(await listen((req, res) => call(middleware, req, () => res.end())), url);
      expect(seen).toEqual([undefined, expect.objectContaining({ calls: expect.anything() })]);
    },
  );
});

describe("a request that is not Express's", () => {
  const door = { guard: requireAircall(), errors: aircallErrors({ signInPath: "/login" }) };

  it("hears through next that nobody is connected, at the guard and at the errors", async () => {
    const auth = startAuth(await startSimulator()) as unknown as ConnectStyle;
    const sessions = sessionsIn(new MemoryStore()) as unknown as ConnectStyle;
    const heard: unknown[] = [];
    const { guard, errors } = door as unknown as { guard: ConnectStyle; errors: (...args: unknown[]) => unknown };
    const server = await listen((req, res) => {
      sessions(req, res, () =>
        auth(req, res, () =>
          guard(req, res, (error) => {
            heard.push(error);
            errors(error, req, res, (passedOn: unknown) => {
              heard.push(passedOn);
              res.end("mine");
            });
          }),
        ),
      );
    });
    expect(await askOnce(server, "/calls", visit)).toMatchObject({ status: 200, text: "mine" });
    expect(heard).toEqual([expect.any(NotConnectedError), expect.any(NotConnectedError)]);
  });

  it("hears through next what is missing, wherever it is missing", async () => {
    const heard: unknown[] = [];
    const hear = (error?: unknown) => void heard.push(error);
    const { guard } = door as unknown as { guard: ConnectStyle };
    const auth = startAuth(await startSimulator()) as unknown as ConnectStyle;
    guard({ headers: {} }, {}, hear);
    await new Promise(setImmediate);

    const strange = { headers: {}, session: { views: 1 } };
    auth(strange, {}, hear);

    const bare = { headers: {} };
    auth(bare, {}, () => guard(bare, {}, hear));
    await new Promise(setImmediate);
    expect(heard).toEqual([
      expect.objectContaining({ message: expect.stringContaining("Mount aircallAuth() before requireAircall()") }),
      expect.objectContaining({ message: expect.stringContaining("use express-session") }),
      expect.objectContaining({ message: expect.stringContaining("Mount express-session before aircallAuth()") }),
    ]);
    expect(heard.every((error) => error instanceof ConfigError)).toBe(true);
  });

  it("is told of cookie-session through next", async () => {
    const auth = startAuth(await startSimulator()) as unknown as ConnectStyle;
    const cookies = cookieSession({ secret: "for tests only" }) as unknown as ConnectStyle;
    const heard: unknown[] = [];
    const server = await listen((req, res) => {
      cookies(req, res, () =>
        auth(req, res, (error) => {
          heard.push(error);
          res.end();
        }),
      );
    });
    await askOnce(server, "/");
    expect(heard).toEqual([expect.any(ConfigError)]);
  });

  it("as an upgrade is never sent to sign in, and ends nothing", async () => {
    const auth = startAuth(await startSimulator());
    const sessions = sessionsIn(new MemoryStore());
    const outcomes: unknown[] = [];
    const app = express().use(sessions, auth, requireAircall(), aircallErrors());
    const server = await listen(app);
    server.on("upgrade", (req, socket) => {
      const style = auth as unknown as ConnectStyle;
      style(req, {}, (error) => {
        outcomes.push(error, (req as unknown as { aircall: object }).aircall !== undefined);
        socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      });
    });
    for (const url of ["/calls", "/auth/aircall", "/auth/aircall/callback?code=a&state=b"]) {
      const upgrade = { ...visit, Connection: "Upgrade", Upgrade: "websocket" };
      expect(await askOnce(server, url, upgrade)).toMatchObject({ status: 400 });
    }
    expect(outcomes).toEqual([undefined, true, undefined, true, undefined, true]);
    expect((await askOnce(server, "/calls", visit)).status).toBe(302);
  });
});

describe("socket.io", () => {
  it.each<[way: string, wire: (io: SocketServer, middlewares: ConnectStyle[]) => void]>([
    [
      "io.use",
      (io, middlewares) => {
        for (const middleware of middlewares) io.use((socket, next) => middleware(socket.request, {}, next as Next));
      },
    ],
    [
      "io.engine.use",
      (io, middlewares) => {
        for (const middleware of middlewares) io.engine.use(middleware);
      },
    ],
  ])("works with the company that the visitor's session connected, through %s", async (_way, wire) => {
    const { server, browser, simulator, middlewares } = await startSocketApp(wire);
    expect(await nameOfCompany(server, browser)).toBeNull();
    await signIn(browser, simulator);
    expect(middlewares).toHaveLength(2);
    expect(await nameOfCompany(server, browser)).toBe(simulator.companies[0].name);
  });

  it("hears of a guard that refuses as its connect_error", async () => {
    const { server, browser } = await startSocketApp((io, [sessions, auth]) => {
      const guard = requireAircall() as unknown as ConnectStyle;
      for (const middleware of [sessions!, auth!, guard])
        io.use((socket, next) => middleware(socket.request, {}, next as Next));
    });
    await expect(nameOfCompany(server, browser)).rejects.toThrow(/No Aircall account is connected/);
  });

  async function startSocketApp(wire: (io: SocketServer, middlewares: ConnectStyle[]) => void) {
    const simulator = await startSimulator();
    const sessions = sessionsIn(new MemoryStore());
    const { app, auth } = createConnectedApp(getAndRefresh(simulator), { session: sessions });
    const server = await listen(app);
    const io = new SocketServer(server);
    closing.unshift(() => io.close());
    const middlewares = [sessions, auth] as unknown as ConnectStyle[];
    wire(io, middlewares);
    io.on("connection", (socket) => {
      socket.on("company", async (reply: (name: string | null) => void) => {
        const { aircall } = socket.request as unknown as Express.Request;
        reply((await aircall.account())?.name ?? null);
      });
    });
    const browser = createBrowser(server);
    browser.agent.set("Host", new URL(origin).host);
    return { server, browser, simulator, middlewares };
  }

  /** Connects with the browser's cookies: by polling first, then by an upgrade. */
  async function nameOfCompany(server: Server, browser: Browser): Promise<string | null> {
    const cookie = browser.agent.jar.getCookies({ domain: "127.0.0.1", path: "/", secure: false, script: false });
    const extraHeaders = { Cookie: cookie.toValueString() };
    const socket = connectSocket(addressOf(server), { extraHeaders, reconnection: false, forceNew: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.on("connect", resolve);
        socket.on("connect_error", reject);
      });
      return (await socket.timeout(5_000).emitWithAck("company")) as string | null;
    } finally {
      socket.close();
    }
  }
});

function startAuth(simulator: Simulator) {
  const auth = aircallAuth(getAndRefresh(simulator));
  closing.push(() => auth.close());
  return auth;
}

function sessionsIn(store: MemoryStore): RequestHandler {
  return session({ secret: "a session secret", store, resave: false, saveUninitialized: false });
}

async function listen(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function askOnce(server: Server, path: string, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const asked = ask({ port, host: "127.0.0.1", path, headers }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const text = (await answer.setEncoding("utf8").toArray()).join("");
  return { status: answer.statusCode, text };
}
