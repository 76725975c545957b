import { AssertionError } from "node:assert";
import { RenewalFailedError } from "../../src/errors/errors";
import { createTransport } from "../../src/http/transport/choose";
import { rawRoute } from "../../src/http/route";
import { createTokenEndpoint } from "../../src/oauth/token-endpoint";
import { useApi } from "../support/servers/api";
import { patient } from "../support/grants";
import { startRenewingApp } from "../support/apps/renewing-app";
import { rotatingTokens } from "../support/servers/token-server";

const { serve, connect } = useApi();
type Fetch = typeof globalThis.fetch;

/** As an old Node, a misspelt name and a wrong wrapper around fetch throw them. */
const bugs: [string, Error][] = [
  ["a TypeError", new TypeError("AbortSignal.any is not a function")],
  ["a ReferenceError", new ReferenceError("dispatcher is not defined")],
  ["a SyntaxError", new SyntaxError("Invalid regular expression")],
  ["a RangeError", new RangeError("Maximum call stack size exceeded")],
  ["an AssertionError", new AssertionError({ message: "no agent" })],
  ["a fetch that could not be made", new TypeError("fetch failed", { cause: new TypeError("invalid headers") })],
];

const network: [string, Error][] = [
  ["a fetch that failed", new TypeError("fetch failed", { cause: new Error("other side closed") })],
  ["a fetch that says no more", new TypeError("fetch failed")],
  ["a polyfill's failure", new TypeError("Network request failed")],
  ["a socket's error", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })],
  ["no error at all", "gone" as never],
];

const throwing =
  (error: Error): Fetch =>
  () =>
    Promise.reject(error);
const breakingOff = (error: Error): Fetch => {
  const pull = () => Promise.reject(error);
  return () => Promise.resolve(new Response(new ReadableStream({ pull })));
};

async function thrownBy(fetch: Fetch, method: "GET" | "POST" = "GET") {
  let sent = 0;
  const counting: Fetch = (...asked) => {
    sent += 1;
    return fetch(...asked);
  };
  const http = connect(await serve({}), { fetch: counting, sleep: () => Promise.resolve() });
  const error: unknown = await http.send(rawRoute(method, "/v1/things"), null).catch((thrown: unknown) => thrown);
  return { error, sent };
}

describe("a bug in what sends", () => {
  it.each(bugs)("comes out as it is, and is not tried again: %s", async (_what, bug) => {
    for (const method of ["GET", "POST"] as const) {
      const { error, sent } = await thrownBy(throwing(bug), method);
      expect(error).toBe(bug);
      expect(sent).toBe(1);
    }
  });

  it.each(bugs)("comes out as it is while the answer is read: %s", async (_what, bug) => {
    expect((await thrownBy(breakingOff(bug))).error).toBe(bug);
  });

  it("comes out as it is where it is thrown at once", async () => {
    const fetch: Fetch = () => (undefined as unknown as { send(): never }).send();
    expect((await thrownBy(fetch)).error).toMatchObject({
      name: "TypeError",
      stack: expect.stringContaining(__filename),
    });
  });

  it.each(network)("is not what the network's failures are: %s", async (_what, failure) => {
    for (const fetch of [throwing(failure), breakingOff(failure)]) {
      expect((await thrownBy(fetch)).error).toMatchObject({ code: "connection_failed" });
    }
  });

  it("is no reason to hide why a caller left", async () => {
    const caller = new AbortController();
    const reason = new RangeError("enough");
    const http = connect(await serve(() => caller.abort(reason)));
    await expect(http.send(rawRoute("GET", "/v1/things"), null, { signal: caller.signal })).rejects.toBe(reason);
  });
});

describe("a bug in what asks for tokens", () => {
  const parts = {
    tokenUrl: "https://id.example/token",
    client: { id: "a", secret: "b" },
    tokenRequest: "json",
  } as const;

  it.each(bugs)("comes out as it is: %s", async (_what, bug) => {
    const endpoint = createTokenEndpoint({ ...parts, transport: createTransport(throwing(bug)) });
    await expect(endpoint.renew("r")).rejects.toBe(bug);
    await expect(endpoint.exchange({ code: "c", redirectUri: "https://app.example/back" })).rejects.toBe(bug);
  });

  it("leaves the refresh token alone for as long as a lost answer does", async () => {
    const bug = new ReferenceError("agent is not defined");
    const brokenLater: Fetch = async (...asked) => {
      await fetch(...asked);
      throw bug;
    };
    const app = await startRenewingApp({ answer: rotatingTokens(), fetch: brokenLater });
    app.clock.pass(3_600_000);
    await expect(app.tokens().credential(patient)).rejects.toBe(bug);
    for (const tokens of [app.tokens(), app.inAnotherProcess()]) {
      await expect(tokens.credential(patient)).rejects.toBeInstanceOf(RenewalFailedError);
    }
    expect(app.server.requests).toHaveLength(1);
    await app.close();
  });
});
