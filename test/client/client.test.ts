import { inspect } from "node:util";
import { AircallClient, basicTokens, createAircallClient, createProbe } from "../../src/client/client";
import { ApiError, ConfigError, ReconnectRequiredError, TokenRefusedError } from "../../src/errors/errors";
import { createTransport } from "../../src/http/transport/choose";
import { type Api, type Reply, secret, useApi } from "../support/servers/api";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";

const time = moveTime();
const { serve, connect } = useApi();
const clients: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

const basic = { user: "api-id", password: "api-t0ken" };

function open(api: Api, settings: Parameters<typeof createAircallClient>[0] = basic) {
  const client = createAircallClient({ apiUrl: api.url, ...settings });
  clients.push(client);
  return client;
}

/** Answers `GET /v1/ping` one way and everything else another. */
function byPath(ping: number, rest: number): Reply {
  return (req, res) => {
    res.writeHead(req.url === "/v1/ping" ? ping : rest).end('{"message":"Forbidden"}');
  };
}

const pings = (api: Api) => api.arrived.filter(({ url }) => url === "/v1/ping").length;

describe("AircallClient", () => {
  it("costs nothing until used, then makes each noun once", async () => {
    const api = await serve({});
    const source = jest.fn(() => connect(api));
    const client = new AircallClient(source);
    expect(source).not.toHaveBeenCalled();
    expect(client.calls).toBe(client.calls);
    expect([client.users, client.company, client.integrations]).not.toContain(undefined);
    expect(source).toHaveBeenCalledTimes(1);
  });

  it("shows nothing of its insides", async () => {
    const client = open(await serve({ status: 204 }));
    await client.ping();
    const shown = inspect(client, { depth: 10, showHidden: true }) + JSON.stringify(client) + inspect(client.calls);
    for (const hidden of [basic.user, basic.password, Buffer.from("api-id:api-t0ken").toString("base64")]) {
      expect(shown).not.toContain(hidden);
    }
  });

  it("can be extended without making nouns", async () => {
    class Mine extends AircallClient {}
    const mine = new Mine(connect(await serve({ body: { company: { name: "Acme" } } })));
    expect(Object.keys(mine)).toEqual([]);
    await expect(mine.company.get()).resolves.toEqual({ name: "Acme" });
  });
});

describe("request", () => {
  it("reaches any endpoint with query and body", async () => {
    const api = await serve({ body: { tags: [1] } });
    const client = new AircallClient(connect(api));
    await expect(client.request("GET", "/v1/tags", { query: { page: 2 } })).resolves.toEqual({ tags: [1] });
    await client.request("POST", "/v1/integrations/enable", { query: { install: true }, body: { a: 1 } });
    expect(api.arrived.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/v1/tags?page=2", ""],
      ["POST", "/v1/integrations/enable?install=true", '{"a":1}'],
    ]);
  });

  it.each(["", "@"])("never carries the credential to another host (%p)", async (userInfo) => {
    const [api, other] = [await serve({}), await serve({})];
    const client = new AircallClient(connect(api));
    const host = userInfo + other.url.slice("http://".length);
    for (const path of [
      `http://${host}/v1`,
      `//${host}/v1`,
      `/\\${host}/v1`,
      `\\\\${host}`,
      `${host}/v1`,
      `/v1/../..//${host}`,
    ]) {
      await expect(client.request("GET", path)).rejects.toMatchObject({ outcome: "not_sent" });
    }
    await client.request("GET", "/v1/ping");
    expect(other.arrived).toHaveLength(0);
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${secret}`]);
  });

  it("sends what it is given whole, or refuses it", async () => {
    const api = await serve({});
    const client = new AircallClient(connect(api));
    await client.request("GET", "/v1/calls", { query: new URLSearchParams("page=2&tags[]=1") });
    expect(api.arrived[0]!.url).toBe("/v1/calls?page=2&tags%5B%5D=1");
    const lost = [new Map([["page", 2]]), new FormData(), [1], "page=2", 7, null];
    for (const query of lost)
      await expect(client.request("GET", "/v1/calls", { query: query as object })).rejects.toMatchObject({
        code: "config_invalid",
      });
    for (const body of [...lost, "", new URLSearchParams("a=1"), Buffer.from("{}")]) {
      await expect(client.request("POST", "/v1/tags", { body: body as object })).rejects.toMatchObject({
        code: "config_invalid",
      });
    }
    await expect(client.request("GET", "/v1/calls", { body: "" as never })).rejects.toThrow("takes no body");
    for (const options of [null, "x", 7]) {
      await expect(client.request("GET", "/v1/calls", options as never)).rejects.toMatchObject({ outcome: "not_sent" });
    }
    expect(api.arrived).toHaveLength(1);
  });

  it("names the route without what it was about", async () => {
    const client = new AircallClient(connect(await serve({ status: 404 })));
    const request = client.request("GET", "/v1/contacts/33199001234/ana@example.com");
    await expect(request).rejects.toMatchObject({ request: "GET /v1/contacts/:id/:id" });
  });

  it("takes a body only where Aircall reads one", async () => {
    const client = new AircallClient(connect(await serve({})));
    await expect(client.request("DELETE", "/v1/tags/1", { body: {} })).rejects.toBeInstanceOf(ConfigError);
  });

  it("stops with its signal", async () => {
    const client = new AircallClient(connect(await serve(() => undefined)));
    const request = client.request("GET", "/v1/tags", { signal: AbortSignal.abort("left") });
    await expect(request).rejects.toBe("left");
  });
});

describe("createAircallClient", () => {
  it("signs with the API ID and token", async () => {
    const api = await serve({ body: { ping: "pong" } });
    await expect(open(api).ping()).resolves.toEqual({ ping: "pong" });
    expect(api.arrived[0]!.headers.authorization).toBe(`Basic ${Buffer.from("api-id:api-t0ken").toString("base64")}`);
  });

  it("signs with an access token obtained elsewhere", async () => {
    const api = await serve({});
    await open(api, { oauthAccessToken: "t0ken-of-one" }).ping();
    expect(api.arrived[0]!.headers.authorization).toBe("Bearer t0ken-of-one");
  });

  it("uses the developer's fetch and timeout", async () => {
    const fetch = jest.fn(() => new Promise<Response>(() => undefined));
    const client = open(await serve({}), { ...basic, fetch, timeoutMs: 30 });
    await expect(client.ping()).rejects.toMatchObject({ code: "timeout", timeoutMs: 30 });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["nothing", {}],
    ["an app's credentials alone", { oauthClientId: "id", oauthClientSecret: "s3cret" }],
    ["half a key", { user: "api-id" }],
    ["a Redis that is none", { ...basic, redis: "redis://127.0.0.1" as never }],
    ["a Redis that was forgotten", { ...basic, redis: null as never }],
  ])("refuses %s", (_what, settings) => {
    expect(() => createAircallClient(settings)).toThrow(ConfigError);
  });
});

describe("createAircallClient with a token that has a refresh token", () => {
  async function openRotating(settings: Parameters<typeof createAircallClient>[0] = {}) {
    const simulator = await startSimulator({ tokens: "rotating" });
    const { access_token: oauthAccessToken, refresh_token } = simulator.issueToken();
    const tokens = { oauthAccessToken, oauthRefreshToken: refresh_token! };
    const client = createAircallClient({ ...simulator.oauth, ...tokens, ...settings });
    clients.push(client);
    return { simulator, client };
  }

  it("renews it when it expires, once for all requests, again and again", async () => {
    const { simulator, client } = await openRotating({ oauthExpiresIn: 3_600 });
    for (const renewals of [0, 1, 2]) {
      await Promise.all(Array.from({ length: 10 }, () => client.calls.list()));
      expect(simulator.counts.tokenRequests).toBe(renewals);
      time.pass(3_600_000);
    }
  });

  it("renews it after a 401", async () => {
    const { simulator, client } = await openRotating();
    time.pass(10_000);
    simulator.fail({ match: { path: "/v1/calls" }, status: 401, times: 1 });
    await client.calls.list();
    expect(simulator.counts.tokenRequests).toBe(1);
  });

  it("never renews it with OFF", async () => {
    const { simulator, client } = await openRotating({ oauthExpiresIn: 1, initiateOAuth: "OFF" });
    await client.calls.list();
    expect(simulator.counts.tokenRequests).toBe(0);
  });

  it("says that it is over when its renewal was refused", async () => {
    const { simulator, client } = await openRotating({ oauthExpiresIn: 3_600 });
    simulator.revoke(simulator.companies[0].id);
    time.pass(3_600_000);
    await expect(client.calls.list()).rejects.toMatchObject({ code: "reconnect_required" });
  });

  it("waits for a renewal under way as it closes", async () => {
    const { simulator, client } = await openRotating({ oauthExpiresIn: 3_600 });
    time.pass(3_600_000);
    simulator.fail({ match: { path: "/v1/oauth/token" }, latencyMs: 100, times: 1 });
    const ping = client.ping().catch((error: { code: string }) => error.code);
    while (!simulator.requests.some(({ path }) => path === "/v1/oauth/token")) await new Promise(setImmediate);
    await client.close();
    expect(simulator.counts.tokenRequests).toBe(1);
    await ping;
  });
});

describe("a refused API key", () => {
  it.each([401, 403])("is named as such after a %d, and nothing of it is shown", async (status) => {
    const api = await serve(byPath(403, status));
    const failure: unknown = await open(api)
      .calls.list()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: "credentials_refused", status, request: "GET /v1/calls" });
    expect((failure as Error).message).toContain("Aircall refused the API ID and token");
    expect((failure as Error).message).toContain("AIRCALL_API_ID");
    expect(inspect(failure, { depth: 10 }) + JSON.stringify(failure)).not.toMatch(/api-id|api-t0ken/);
  });

  it("is told from a missing permission, which is the caller's error", async () => {
    const api = await serve(byPath(200, 403));
    await expect(open(api).calls.list()).rejects.toMatchObject({ code: "not_entitled", status: 403 });
    expect(pings(api)).toBe(1);
  });

  it("is not assumed when the ping cannot tell", async () => {
    const api = await serve(byPath(500, 403));
    await expect(open(api).calls.list()).rejects.toMatchObject({ code: "not_entitled" });
  });

  it("needs no second ping when the ping itself was refused", async () => {
    const api = await serve(byPath(403, 403));
    await expect(open(api).ping()).rejects.toMatchObject({ code: "credentials_refused", request: "GET /v1/ping" });
    expect(pings(api)).toBe(1);
  });

  it("is probed once for fifty requests at the same time", async () => {
    const api = await serve(byPath(403, 403));
    const client = open(api);
    const codes = await Promise.all(
      Array.from({ length: 50 }, () => client.calls.get(7).catch((error: ApiError) => error.code)),
    );
    expect(new Set(codes)).toEqual(new Set(["credentials_refused"]));
    expect(pings(api)).toBe(1);
  });

  it("is probed again after a minute", async () => {
    let time = 0;
    const probe = jest.fn(() => Promise.resolve("accepted" as const));
    const tokens = basicTokens(basic, probe, { now: () => time });
    const client = new AircallClient(connect(await serve({ status: 403 }), { tokens }));
    for (time of [0, 59_999, 60_000, 60_001]) await client.calls.get(7).catch(() => undefined);
    expect(probe).toHaveBeenCalledTimes(2);
  });

  it("is found for the others when the request that asked first gives up", async () => {
    const caller = new AbortController();
    const api = await serve((req, res) => {
      if (req.url !== "/v1/ping") return void res.writeHead(403).end();
      caller.abort("left");
      setTimeout(() => res.writeHead(403).end(), 30);
    });
    const client = open(api);
    await expect(client.calls.get(7, {}, { signal: caller.signal })).rejects.toBe("left");
    await expect(client.calls.get(8)).rejects.toMatchObject({ code: "credentials_refused" });
    expect(pings(api)).toBe(1);
  });
});

describe("a refused access token", () => {
  it("means after a minute that the company must be connected again", async () => {
    const api = await serve(byPath(403, 403));
    const client = open(api, { oauthAccessToken: "t0ken-of-one" });
    await expect(client.calls.list()).rejects.toBeInstanceOf(TokenRefusedError);
    await expect(client.calls.list()).rejects.toBeInstanceOf(TokenRefusedError);
    time.pass(60_000);
    await expect(client.calls.list()).rejects.toBeInstanceOf(ReconnectRequiredError);
    expect(pings(api)).toBe(2);
  });

  it("is told from a missing permission", async () => {
    const api = await serve(byPath(200, 403));
    const calls = open(api, { oauthAccessToken: "t0ken-of-one" }).calls.list();
    await expect(calls).rejects.toMatchObject({ code: "not_entitled" });
  });
});

describe("createProbe", () => {
  it.each([
    [200, "accepted"],
    [204, "accepted"],
    [401, "refused"],
    [403, "refused"],
    [404, "unknown"],
    [302, "unknown"],
    [429, "unknown"],
    [500, "unknown"],
  ])("takes a %d to the ping for %s", async (status, verdict) => {
    const api = await serve({ status });
    const transport = createTransport(null);
    clients.push(transport);
    const probe = createProbe({ apiUrl: api.url, timeoutMs: 1_000, transport });
    const deadline = { signal: new AbortController().signal, remainingMs: () => 1_000 };
    await expect(probe({ authorization: "Bearer exactly-this", secret: "exactly-this" }, deadline)).resolves.toBe(
      verdict,
    );
    expect(api.arrived).toMatchObject([{ url: "/v1/ping", headers: { authorization: "Bearer exactly-this" } }]);
  });

  it("answers unknown when Aircall is away or the time is up", async () => {
    const transport = createTransport(null);
    clients.push(transport);
    const credential = { authorization: "Bearer x", secret: "x" };
    const away = createProbe({ apiUrl: "http://127.0.0.1:9", timeoutMs: 1_000, transport });
    const open = { signal: new AbortController().signal, remainingMs: () => 1_000 };
    await expect(away(credential, open)).resolves.toBe("unknown");
    const slow = createProbe({ apiUrl: (await serve(() => undefined)).url, timeoutMs: 1_000, transport });
    const short = { signal: AbortSignal.timeout(30), remainingMs: () => 30 };
    await expect(slow(credential, short)).resolves.toBe("unknown");
  });
});
