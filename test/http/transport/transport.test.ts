import { once } from "node:events";
import { type IncomingMessage, request as send } from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { createAircallClient } from "../../../src/client/client";
import { route } from "../../../src/http/route";
import { createTransport } from "../../../src/http/transport/choose";
import { useApi } from "../../support/servers/api";

const { serve, connect } = useApi();

describe("createTransport", () => {
  it("keeps its connections between requests", async () => {
    const ports = new Set<number | undefined>();
    const api = await serve((req, res) => {
      ports.add(req.socket.remotePort);
      res.end();
    });
    const http = connect(api);
    for (let i = 0; i < 20; i++) await http.send(route`GET /v1/ping`, null);
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("opens as many for fifty clients of one process as for one", async () => {
    const sockets = new Set<Socket>();
    const api = await serve((req, res) => {
      sockets.add(req.socket);
      res.end("{}");
    });
    const clients = Array.from({ length: 50 }, () =>
      createAircallClient({ apiUrl: api.url, user: "id", password: "token" }),
    );
    for (const client of clients) await client.ping();
    expect(sockets.size).toBeLessThanOrEqual(2);
    const closed = [...sockets].map((socket) => once(socket, "close"));
    const [last, ...others] = clients;
    await Promise.all(others.map((client) => client.close()));
    await last!.ping();
    expect(sockets.size).toBeLessThanOrEqual(2);
    await last!.close();
    await Promise.all(closed);
  });

  it("takes a fetch whose bodies are streams of Node's, as node-fetch's are", async () => {
    const sound = Buffer.alloc(100_000, "sound");
    const file = await serve((_req, res) => res.writeHead(200, { "content-type": "audio/mpeg" }).end(sound));
    const api = await serve({ body: { call: { id: 7, recording: `${file.url}/7.mp3` } } });
    const http = connect(api, { fetch: fetchOfNode });
    await expect(http.send(route`GET /v1/calls/${7}`, "call")).resolves.toMatchObject({ id: 7 });
    const download = () => http.download({ route: route`GET /v1/calls/${7}`, key: "call", field: "recording" });
    const { contentType, body } = await download();
    expect(contentType).toBe("audio/mpeg");
    expect((await buffer(body)).equals(sound)).toBe(true);
    const left = (await download()).body;
    await once(left.destroy(), "close");
  });

  it("uses the developer's fetch for everything, with redirects off", async () => {
    const api = await serve({ body: { ping: "pong" } });
    const seen: unknown[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      seen.push(init?.redirect);
      return globalThis.fetch(input, init);
    };
    await expect(connect(api, { fetch }).send(route`GET /v1/ping`, null)).resolves.toEqual({ ping: "pong" });
    expect(seen).toEqual(["manual"]);
  });

  it("ends a fetch that ignores its signal", async () => {
    const api = await serve({});
    const fetch = () => new Promise<Response>(() => undefined);
    const request = connect(api, { fetch, timeoutMs: 30 }).send(route`GET /v1/ping`, null);
    await expect(request).rejects.toMatchObject({ code: "timeout" });
  });

  it("closes once, however often it is told to", async () => {
    const api = await serve({});
    const transport = createTransport(null);
    await transport.close();
    await connect(api, { transport }).send(route`GET /v1/ping`, null);
    await expect(Promise.all([transport.close(), transport.close()])).resolves.toHaveLength(2);
  });

  it("refuses requests once closed", async () => {
    const api = await serve({});
    const transport = createTransport(null);
    const http = connect(api, { transport });
    await http.send(route`GET /v1/ping`, null);
    await transport.close();
    await expect(http.send(route`GET /v1/ping`, null)).rejects.toMatchObject({ code: "connection_failed" });
  });
});

/** As node-fetch does it: headers of the web, a body of Node's. */
const fetchOfNode = ((url: string, { method, headers, signal }: RequestInit) =>
  new Promise((resolve, reject) => {
    const sent = send(url, { method, headers: headers as Record<string, string>, signal: signal ?? undefined });
    sent.on("error", reject).on("response", (body: IncomingMessage) => {
      resolve({ status: body.statusCode, headers: new Headers(body.headers as Record<string, string>), body });
    });
    sent.end();
  })) as unknown as typeof globalThis.fetch;
