import { route } from "../../src/http/route";
import { createTransport } from "../../src/http/transport";
import { useApi } from "../support/api";

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
