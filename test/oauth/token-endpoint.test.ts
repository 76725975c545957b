import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { createTransport } from "../../src/http/transport/choose";
import type { Transport } from "../../src/http/transport/transport";
import { createTokenEndpoint, type TokenEndpointParts } from "../../src/oauth/token-endpoint";
import { TokenRefusal } from "../../src/oauth/token-refusal";
import { json, startTokenServer, type TokenRequest, type TokenServer } from "../support/servers/token-server";
import { promised } from "../support/promised";

const client = { id: "client-1", secret: "s3cret-s3cret" };
const exchange = { code: "c0de-c0de", redirectUri: "https://app.example/cb" };

describe("createTokenEndpoint", () => {
  let transport: Transport;
  let server: TokenServer;

  beforeEach(() => (transport = createTransport(null)));
  afterEach(async () => {
    await server.close();
    await transport.close();
  });

  async function endpointThat(
    answer: (res: ServerResponse, request: TokenRequest) => unknown,
    parts: Partial<TokenEndpointParts> = {},
  ) {
    server = await startTokenServer(answer);
    return createTokenEndpoint({ tokenUrl: server.url, client, tokenRequest: "json", transport, ...parts });
  }

  it("exchanges a code for tokens, asking in JSON", async () => {
    const endpoint = await endpointThat((res) => json(res, { access_token: "a", token_type: "Bearer", company: 7 }), {
      now: () => 1_000,
    });

    const answer = await endpoint.exchange({ ...exchange, codeVerifier: "v" });

    expect(answer.tokens).toMatchObject({ accessToken: "a", obtainedAt: new Date(1_000) });
    expect(answer.raw).toEqual({ access_token: "a", token_type: "Bearer", company: 7 });
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(server.requests[0]?.params).toEqual({
      grant_type: "authorization_code",
      code: "c0de-c0de",
      redirect_uri: "https://app.example/cb",
      code_verifier: "v",
      client_id: "client-1",
      client_secret: "s3cret-s3cret",
    });
  });

  it("asks in a form where the developer says so", async () => {
    const endpoint = await endpointThat((res) => json(res, { access_token: "a" }), { tokenRequest: "form" });

    await endpoint.renew("r&=+ 1");

    expect(server.requests[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(server.requests[0]?.params).toEqual({
      grant_type: "refresh_token",
      refresh_token: "r&=+ 1",
      client_id: "client-1",
      client_secret: "s3cret-s3cret",
    });
  });

  it("adds an application's own parameters without letting them replace ours", async () => {
    const endpoint = await endpointThat((res) => json(res, { access_token: "a" }));

    await endpoint.exchange({ ...exchange, extra: { audience: "x", client_id: "other", code: "other" } });

    expect(server.requests[0]?.params).toMatchObject({ audience: "x", client_id: "client-1", code: "c0de-c0de" });
  });

  it.each([
    ["null", "null"],
    ["a number", "42"],
    ["a string", '"x"'],
    ["a list", '[{"access_token":"a"}]'],
    ["nothing", ""],
    ["broken JSON", '{"access_token":"a"'],
    ["a page that names a token", "<html>access_token=a</html>"],
    ["a form", "access_token=a&token_type=bearer"],
    ["an object without a token", "{}"],
    ["a mac token", '{"access_token":"a","token_type":"mac"}'],
    ["a token with a line break", '{"access_token":"a\\r\\nb"}'],
  ])("finds no token in %s, although the status is 200", async (_what, body) => {
    const endpoint = await endpointThat((res) => res.end(body));

    await expect(endpoint.exchange(exchange)).rejects.toMatchObject({
      name: "TokenRefusal",
      kind: "malformed",
      status: 200,
      lost: true,
    });
  });

  it.each([
    [400, { error: "invalid_grant" }, { kind: "refused", oauthError: "invalid_grant", lost: false }],
    [401, { error: "invalid_client" }, { kind: "refused", oauthError: "invalid_client", lost: false }],
    [200, { error: "invalid_grant" }, { kind: "refused", oauthError: "invalid_grant", lost: false }],
    [400, { error: "made_up", access_token: "a" }, { kind: "refused", oauthError: null, lost: false }],
    [403, { message: "Forbidden" }, { kind: "refused", oauthError: null, lost: false }],
    [429, {}, { kind: "unavailable", oauthError: null, lost: false }],
    [500, {}, { kind: "unavailable", oauthError: null, lost: true }],
    [503, { error: "invalid_grant" }, { kind: "unavailable", oauthError: "invalid_grant", lost: true }],
  ])("tells what a %i with %j means", async (status, body, facts) => {
    const endpoint = await endpointThat((res) => json(res, body, status));

    await expect(endpoint.renew("r")).rejects.toMatchObject({ ...facts, status });
  });

  it.each([301, 302, 307, 308])("does not follow a %i", async (status) => {
    const endpoint = await endpointThat((res) => res.writeHead(status, { location: server.url + "/other" }).end());

    await expect(endpoint.exchange(exchange)).rejects.toMatchObject({ kind: "malformed", status });
    expect(server.requests).toHaveLength(1);
  });

  it("stops reading an answer at 64 KB", async () => {
    let sent = 0;
    const endpoint = await endpointThat((res) => pour(res, 50 * 2 ** 20, (bytes) => (sent = bytes)));

    await expect(endpoint.exchange(exchange)).rejects.toMatchObject({ kind: "malformed", status: 200 });
    expect(sent).toBeLessThan(10 * 2 ** 20);
  });

  it("names the network's failure, and whether the server may have acted", async () => {
    const endpoint = await endpointThat((res) => res.destroy());
    await expect(endpoint.renew("r")).rejects.toMatchObject({ kind: "unavailable", status: null, lost: true });

    await server.close();
    await expect(endpoint.renew("r")).rejects.toMatchObject({
      message: `the token endpoint at ${new URL(server.url).origin} could not be reached (ECONNREFUSED).`,
      lost: false,
    });
  });

  it.each<[string, (res: ServerResponse) => unknown]>([
    ["never answers", () => undefined],
    ["falls silent after the headers", (res) => res.writeHead(200).flushHeaders()],
    ["falls silent in the body", (res) => res.write('{"access_token":')],
    ["sends one byte every 100 ms", drip],
    ["redirects and never ends", (res) => res.writeHead(302, { location: "/" }).write("x")],
  ])("ends in time when the server %s", async (_what, behave) => {
    const endpoint = await endpointThat(behave);
    const began = performance.now();

    await expect(endpoint.request({}, 350)).rejects.toBeInstanceOf(TokenRefusal);
    expect(performance.now() - began).toBeLessThan(promised(1_000));
  });

  it("holds its deadline with a fetch that ignores the signal", async () => {
    const deaf = createTransport((url, init) => fetch(url, { ...init, signal: null }));
    const endpoint = await endpointThat(() => undefined, { transport: deaf });

    await expect(endpoint.request({}, 100)).rejects.toMatchObject({
      message: "the token endpoint did not answer within 0.1 s.",
      lost: true,
    });
  });

  it("keeps every secret out of its errors, even when the server repeats the request", async () => {
    const endpoint = await endpointThat((res, { body }) => json(res, { error: body, error_description: body }, 500));

    const shown = await endpoint.exchange({ ...exchange, codeVerifier: "v3rifier" }).catch(everything);

    expect(shown).toContain("500");
    expect(shown).not.toMatch(/s3cret|c0de-c0de|v3rifier/);
  });

  it("keeps secrets out of its errors when a fetch of the developer's throws them", async () => {
    const leaky = createTransport((_url, init) =>
      Promise.reject(Object.assign(new Error(init?.body as string), { code: init?.body })),
    );
    const endpoint = await endpointThat(() => undefined, { transport: leaky });

    expect(await endpoint.exchange(exchange).catch(everything)).not.toMatch(/s3cret|c0de-c0de/);
  });
});

describe("the deadlines of the token endpoint", () => {
  const silent = { send: () => new Promise<never>(() => undefined), close: () => Promise.resolve() };
  const endpoint = createTokenEndpoint({ tokenUrl: "https://x.test", client, tokenRequest: "json", transport: silent });

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    ["an exchange", 15, () => endpoint.exchange(exchange)],
    ["a renewal", 20, () => endpoint.renew("r")],
  ])("give %s %i seconds", async (_what, seconds, start) => {
    const outcome = start().catch((error: unknown) => error);
    let ended = false;
    void outcome.then(() => (ended = true));

    await jest.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ message: `the token endpoint did not answer within ${seconds} s.` });
  });
});

function everything(error: unknown): string {
  const { message, stack } = error as Error;
  return [message, stack, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })].join("\n");
}

function drip(res: ServerResponse): void {
  const timer = setInterval(() => res.write(" "), 100);
  res.on("close", () => clearInterval(timer));
}

/** Sends as fast as it is read, at most `limit` bytes. */
function pour(res: ServerResponse, limit: number, count: (bytes: number) => void): void {
  const chunk = Buffer.alloc(65_536, " ");
  let bytes = 0;
  const more = () => {
    while (bytes < limit && !res.destroyed) {
      count((bytes += chunk.length));
      if (!res.write(chunk)) return;
    }
    res.end();
  };
  res.on("drain", more);
  more();
}
