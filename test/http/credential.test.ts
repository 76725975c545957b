import { ConfigError, TimeoutError } from "../../src/errors/errors";
import type { Credential } from "../../src/http/credential";
import type { Api } from "../../src/resources/api";
import { route } from "../../src/http/route";
import { token, useApi } from "../support/servers/api";

const { serve, connect } = useApi();
const getCall = (http: Api) => http.send(route`GET /v1/calls/${7}`, "call");

describe("a credential", () => {
  it.each(["Bearer a\r\nX-Evil: 1", "Bearer a\nb", "Bearer a\0", "Bearer tök€n"])(
    "%j never reaches the wire",
    async (authorization) => {
      const api = await serve({});
      const tokens = { ...token, credential: () => Promise.resolve({ authorization, secret: authorization.slice(7) }) };
      const failure: Error = await getCall(connect(api, { tokens })).then(unexpected, (error: Error) => error);
      expect(failure).toBeInstanceOf(ConfigError);
      expect(failure.message).not.toContain(authorization.slice(7));
      expect(api.arrived).toHaveLength(0);
    },
  );

  it("that cannot be had fails the request before it is sent", async () => {
    const api = await serve({});
    const reason = new Error("nothing is connected");
    const tokens = { ...token, credential: () => Promise.reject(reason) };
    await expect(getCall(connect(api, { tokens }))).rejects.toBe(reason);
    expect(api.arrived).toHaveLength(0);
  });

  it("is asked for within the deadline, and not used after it", async () => {
    const api = await serve({});
    const deaf: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, { ...init, signal: null });
    let give: (credential: Credential) => void = () => undefined;
    const tokens = { ...token, credential: () => new Promise<Credential>((resolve) => (give = resolve)) };
    await expect(getCall(connect(api, { tokens, fetch: deaf, timeoutMs: 20 }))).rejects.toBeInstanceOf(TimeoutError);
    give(await token.credential({} as never));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(api.arrived).toHaveLength(0);
  });
});

describe("a refused credential", () => {
  it.each([401, 403] as const)("is replaced once after a %d when its source has a fresh one", async (status) => {
    const api = await serve({ status }, { body: { call: { id: 7 } } });
    const tokens = rotating();
    await expect(getCall(connect(api, { tokens }))).resolves.toEqual({ id: 7 });
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(tokens.refusals).toEqual([["Bearer token-1", status, "GET /v1/calls/:id"]]);
  });

  it("is reported when the fresh one is refused too, and not sent a third time", async () => {
    const api = await serve({ status: 401 });
    const tokens = rotating();
    await expect(getCall(connect(api, { tokens }))).rejects.toMatchObject({ code: "unauthorized", status: 401 });
    expect(api.arrived).toHaveLength(2);
    expect(tokens.refusals).toHaveLength(2);
  });

  it("lets its source end the request with an error of its own", async () => {
    const api = await serve({ status: 403 });
    const reason = new Error("connect again");
    await expect(getCall(connect(api, { tokens: { ...token, refused: () => Promise.reject(reason) } }))).rejects.toBe(
      reason,
    );
  });

  it("also lets a POST go again: Aircall did not act on it", async () => {
    const api = await serve({ status: 401 }, { status: 204 });
    await connect(api, { tokens: rotating() }).send(route`POST /v1/users/${7}/dial`, null, {}, { to: "x" });
    expect(api.arrived).toHaveLength(2);
  });
});

function unexpected(): never {
  throw new Error("this request was expected to fail");
}

/** Hands out token-1, token-2, …: the next one after each refusal. */
function rotating() {
  let count = 1;
  const refusals: unknown[] = [];
  return {
    refusals,
    owner: () => token.owner(),
    credential: () => Promise.resolve({ authorization: `Bearer token-${count}`, secret: `token-${count}` }),
    refused: ({ authorization }: Credential, status: number, _deadline: unknown, request?: string) => {
      refusals.push([authorization, status, request]);
      count++;
      return Promise.resolve("again" as const);
    },
  };
}
