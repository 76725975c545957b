import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  Agent,
  Dispatcher,
  EnvHttpProxyAgent,
  getGlobalDispatcher,
  MockAgent,
  ProxyAgent,
  setGlobalDispatcher,
} from "undici";
import { createAircallClient } from "../../../src/client/client";
import { foreignFetch, globalDispatcher } from "../../../src/http/transport/platform";
import type * as Platform from "../../../src/http/transport/platform";
import { route } from "../../../src/http/route";
import { createTransport } from "../../../src/http/transport/choose";
import { useApi } from "../../support/servers/api";
import { buildIfStale } from "../../support/build";
import { type ConnectProxy, startConnectProxy } from "../../support/servers/connect-proxy";
import { certificate, closedPort } from "../../support/servers/unreachable";

const { serve, connect } = useApi();
const ping = route`GET /v1/ping`;
const pong = { body: { ping: "pong" } };
const noted = { ping: "noted" };
const basic = { user: "id", password: "token" };

let proxy: ConnectProxy;
const untouched = getGlobalDispatcher();
const { fetch } = globalThis;
beforeEach(async () => (proxy = await startConnectProxy()));
afterEach(() => {
  setGlobalDispatcher(untouched);
  globalThis.fetch = fetch;
  proxy.close();
});

/** Answers what gives it back its name. */
function rename(Class: object, name: string): () => void {
  const own = Object.getOwnPropertyDescriptor(Class, "name")!;
  Object.defineProperty(Class, "name", { ...own, value: name });
  return () => void Object.defineProperty(Class, "name", own);
}

function mock(): MockAgent {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get("https://api.aircall.io").intercept({ path: "/v1/ping" }).reply(200, noted).persist();
  return agent;
}

describe("what the whole process sends through", () => {
  it("is the MockAgent of setGlobalDispatcher, until it is set back", async () => {
    const client = createAircallClient(basic);
    setGlobalDispatcher(mock());
    await expect(client.ping()).resolves.toEqual(noted);
    setGlobalDispatcher(untouched);
    expect(globalDispatcher()).toBeNull();
  });

  it("says where nothing was mocked", async () => {
    const client = createAircallClient(basic);
    setGlobalDispatcher(mock());
    await expect(client.users.list({}, { maxRetries: 0 })).rejects.toMatchObject({
      code: "connection_failed",
      outcome: "not_sent",
      message: expect.stringContaining("no connection to https://api.aircall.io could be made (UND_MOCK_ERR") as string,
    });
  });

  it("is a proxy's, by a tunnel", async () => {
    const api = await serve(pong);
    setGlobalDispatcher(new ProxyAgent(proxy.url.replace("//", "//user:s3nt1nel@")));
    await expect(connect(api).send(ping, null)).resolves.toEqual(pong.body);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(api.url).host}`]);
    expect(proxy.credentials[0]).toMatch(/^Basic /);
  });

  it("is a proxy's, by a tunnel in which TLS begins", async () => {
    const { key, cert } = certificate();
    const api = createServer({ key, cert }, (_req, res) => res.end(JSON.stringify(noted)));
    await once(api.listen(0, "127.0.0.1"), "listening");
    const url = `https://localhost:${(api.address() as AddressInfo).port}`;
    setGlobalDispatcher(new ProxyAgent({ uri: proxy.url, requestTls: { ca: cert } }));
    try {
      await expect(connect({ url, arrived: [] }).send(ping, null)).resolves.toEqual(noted);
      expect(proxy.asked).toEqual([`CONNECT ${new URL(url).host}`]);
    } finally {
      api.closeAllConnections();
      api.close();
    }
  });

  it.each([
    ["one set of its own", () => new Agent({ connections: 1 }), true],
    ["one with an interceptor", () => new Agent().compose((dispatch) => dispatch), true],
    ["undici's default", () => new Agent(), false],
  ])("is %s: obeyed or as good as none", (_what, create, obeyed) => {
    const agent = create();
    setGlobalDispatcher(agent);
    expect(globalDispatcher() === agent).toBe(obeyed);
  });

  it("is known by what it is, and not by the name of its class, which minifiers change", () => {
    const undoing = rename(Agent, "e");
    try {
      setGlobalDispatcher(new Agent());
      expect(globalDispatcher()).toBeNull();
      setGlobalDispatcher(new Agent({ connections: 1 }));
      expect(globalDispatcher()).not.toBeNull();
    } finally {
      undoing();
    }
  });

  it("is a class of the app's own, whatever it is called", () => {
    const Own = { Agent: class extends Agent {} }.Agent;
    setGlobalDispatcher(new Own());
    expect(globalDispatcher()).toBeInstanceOf(Own);
  });

  it("is not what undici 8 puts in the older place for older versions, minified or not", () => {
    class t extends Dispatcher {
      static wrapHandler = (handler: object) => handler;
    }
    setGlobalDispatcher(new Agent());
    Object.assign(globalThis, { [Symbol.for("undici.globalDispatcher.1")]: new t() });
    expect(globalDispatcher()).toBeNull();
  });

  it("is not a fetch where there is none, as under Node's --no-experimental-fetch, from the first request on", () => {
    Reflect.deleteProperty(globalThis, "fetch");
    jest.isolateModules(() => {
      const platform = jest.requireActual<typeof Platform>("../../../src/http/transport/platform");
      expect(platform.foreignFetch()).toBeNull();
    });
  });

  it("is a fetch that somebody has put in the global one's place", async () => {
    const seen: string[] = [];
    expect(foreignFetch()).toBeNull();
    globalThis.fetch = (input) => {
      seen.push(input as string);
      return Promise.resolve(Response.json(noted));
    };
    const client = createAircallClient(basic);
    await expect(client.ping()).resolves.toEqual(noted);
    expect(seen).toEqual(["https://api.aircall.io/v1/ping"]);
  });
});

describe("dispatcher", () => {
  it("comes before what the whole process sends through", async () => {
    setGlobalDispatcher(new ProxyAgent(`http://127.0.0.1:${closedPort}`));
    const client = createAircallClient({ ...basic, dispatcher: mock() });
    await expect(client.ping()).resolves.toEqual(noted);
    await client.close();
  });
});

describe("the platform's own fetch", () => {
  beforeAll(() => buildIfStale("library"), 120_000);

  async function ask(env: NodeJS.ProcessEnv) {
    const list = { calls: [{ id: 7 }], meta: { total: 1, next_page_link: null } };
    const api = await serve({ body: { ping: "pong", ...list } });
    const elsewhere = await serve(pong);
    const child = [join(__dirname, "platform-child.cjs"), api.url, elsewhere.url];
    const { stdout } = await promisify(execFile)(process.execPath, child, {
      env: { PATH: process.env["PATH"], ...env },
    });
    const throughProxy = (url: string) => proxy.asked.filter((one) => one.includes(new URL(url).host)).length;
    return {
      told: JSON.parse(stdout) as [object, { items: object[] }],
      proxied: [api, elsewhere].map(({ url }) => throughProxy(url) > 0),
    };
  }

  it("decides whether the environment's proxy is used", async () => {
    const { told, proxied } = await ask({ NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url });
    expect(told).toMatchObject([{ ping: "pong" }, { items: [{ id: 7 }] }]);
    expect(proxied[0]).toBe(proxied[1]);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    expect(proxied[0]).toBe(major > 22 || (major === 22 && minor >= 21));
  });

  it("has dispatchers of another undici, which work too", async () => {
    const { told, proxied } = await ask({});
    expect(told).toMatchObject([{ ping: "pong" }, { items: [{ id: 7 }] }]);
    expect(proxied).toEqual([false, false]);
  });
});

describe("a proxy that does not work", () => {
  const sent = (dispatcher: ProxyAgent | EnvHttpProxyAgent, origin = "https://api.example") =>
    connect({ url: origin, arrived: [] }, { transport: createTransport(null, dispatcher) }).send(ping, null);

  it.each(["ProxyAgent", "EnvHttpProxyAgent"])("is named beside the host: %s", async (kind) => {
    const address = `http://user:s3nt1nel@127.0.0.1:${closedPort}`;
    const agent = kind === "ProxyAgent" ? new ProxyAgent(address) : new EnvHttpProxyAgent({ httpsProxy: address });
    const error = await sent(agent).catch((thrown: Error) => thrown);
    const to = `https://api.example through the proxy ${address.replace("user:s3nt1nel@", "")}`;
    expect(error).toMatchObject({ code: "connection_failed", outcome: "not_sent" });
    expect((error as Error).message).toContain(`no connection to ${to} could be made (ECONNREFUSED)`);
    expect(JSON.stringify(error) + (error as Error).message).not.toContain("s3nt1nel");
  });

  it("is named where it refuses, with what it said", async () => {
    const refusing = await startConnectProxy({ status: 407 });
    const told = `through the proxy ${refusing.url} could be made (the proxy answered 407)`;
    await expect(sent(new ProxyAgent(refusing.url))).rejects.toThrow(told);
    refusing.close();
  });

  it("is not named where it is passed by", async () => {
    const before = process.env["NO_PROXY"];
    process.env["NO_PROXY"] = "elsewhere.example, 127.0.0.1";
    const direct = `http://127.0.0.1:${closedPort}`;
    try {
      const failed = sent(new EnvHttpProxyAgent({ httpProxy: proxy.url }), direct);
      await expect(failed).rejects.toThrow(`no connection to ${direct} could be made (ECONNREFUSED)`);
    } finally {
      if (before === undefined) delete process.env["NO_PROXY"];
      else process.env["NO_PROXY"] = before;
    }
  });
});
