import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { WebhookError } from "../../src/errors/errors";
import { refuse, send } from "../../src/webhooks/delivery-answer";

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

const tooLarge = new WebhookError("webhook_too_large", "too large");

describe("the answer to a delivery", () => {
  const post = (port: number, body = "{}") => fetch(`http://127.0.0.1:${port}`, { method: "POST", body });

  it("is a status without a body, and is kept nowhere", async () => {
    const answer = await post(await serve((_req, res) => send(res, 200, { "X-More": "1" })));
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    const headers = ["content-length", "cache-control", "x-more"].map((name) => answer.headers.get(name));
    expect(headers).toEqual(["0", "no-store", "1"]);
  });

  it("is left as it is where something has answered, or the connection has gone", async () => {
    const failures: unknown[] = [];
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        failures.push(error);
      }
    };
    const port = await serve((_req, res) => {
      res.writeHead(418);
      attempt(() => send(res, 200));
      res.end("tea");
    });
    const answer = await post(port);
    expect([answer.status, await answer.text(), failures]).toEqual([418, "tea", []]);

    let headersSent: boolean | null = null;
    const gone = await serve((req, res) => {
      res.destroy();
      attempt(() => send(res, 200));
      headersSent = res.headersSent;
      req.socket.destroy();
    });
    await expect(post(gone)).rejects.toThrow();
    expect([headersSent, failures]).toEqual([false, []]);
  });

  it.each([
    ["webhook_method", 405, "POST", null],
    ["webhook_token", 401, null, null],
    ["webhook_busy", 503, null, "15"],
  ] as const)("is a refusal, %s, with what helps", async (code, status, allow, retryAfter) => {
    const error = new WebhookError(code, "no");
    const before = await post(await serve((req, res) => refuse(req, res, error)));
    const behind = await post(await serve((req, res) => void text(req).then(() => refuse(req, res, error))));
    for (const [answer, connection] of [
      [before, "close"],
      [behind, "keep-alive"],
    ] as const) {
      const headers = ["allow", "retry-after", "connection"].map((name) => answer.headers.get(name));
      expect([answer.status, headers]).toEqual([status, [allow, retryAfter, connection]]);
    }
  });

  it("reaches who has more of the body to send", async () => {
    const port = await serve((req, res) => refuse(req, res, tooLarge));
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    const closed = once(socket, "close");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n{");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.write("more".repeat(100_000));
    await closed;
  });

  it("ends a request whose body does not come to its end, a second later, and waits for no other", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] });
    const [slow, quick] = [new PassThrough(), new PassThrough()];
    for (const req of [slow, quick] as unknown as IncomingMessage[]) refuse(req, new ServerResponse(req), tooLarge);
    quick.end("the rest");
    await once(quick, "close");
    expect([quick.errored, jest.getTimerCount()]).toEqual([null, 1]);
    await jest.advanceTimersByTimeAsync(999);
    expect(slow.destroyed).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect([slow.destroyed, jest.getTimerCount()]).toEqual([true, 0]);
    jest.useRealTimers();
  });
});
