import { inspect } from "node:util";
import { ApiError } from "../../src/errors/errors";
import { ofRequest } from "../../src/errors/of-request";
import { route } from "../../src/http/route";
import { secret, useApi } from "../support/servers/api";

const { serve, connect } = useApi();

/** What a request fails with when Aircall answers this. */
async function refusal(status: number, body: unknown): Promise<ApiError> {
  const http = connect(await serve({ status, body }));
  const request = http.send(route`GET /v1/calls/${7}`, "call", { maxRetries: 0 });
  return request.then(
    () => expect(status).toBe("an error"),
    (error: unknown) => error,
  ) as Promise<ApiError>;
}

describe("a refusal", () => {
  const unavailable = {
    error: "Method Not Allowed",
    troubleshoot: "The user is currently unavailable",
    success: false,
  };
  const duplicates = { error: "Unprocessable Entity", errors: { dialer_campaign: ["already imported", "not called"] } };
  const cap = {
    error: "Bad Request",
    data: null,
    message: "BAD_REQUEST",
    errors: "<limited to 10k results, use timestamps>",
    troubleshoot: "BAD_REQUEST",
  };

  const wrongMode = { message: "The number is in API mode", key: "LineIsNotNativeException" };

  it.each<[number, unknown, string, string, string | null]>([
    [400, { error: "Bad Request", troubleshoot: "Call has ended" }, "bad_request", "Bad Request", "Call has ended"],
    [400, cap, "result_cap", "Bad Request", "<limited to 10k results, use timestamps>"],
    [400, { key: "InvalidPayload" }, "bad_request", "Bad Request", "InvalidPayload"],
    [401, { message: "Unauthorized" }, "unauthorized", "Unauthorized", null],
    [403, { message: "Forbidden" }, "not_entitled", "Forbidden", null],
    [403, { message: "No", key: "Forbidden" }, "not_entitled", "No", "Forbidden"],
    [403, wrongMode, "wrong_number_mode", "The number is in API mode", "LineIsNotNativeException"],
    [404, { message: "Not Found" }, "not_found", "Not Found", null],
    [405, unavailable, "agent_unavailable", "Method Not Allowed", "The user is currently unavailable"],
    [
      405,
      { error: "Method Not Allowed", troubleshoot: "Recording is off" },
      "not_allowed",
      "Method Not Allowed",
      "Recording is off",
    ],
    [409, {}, "conflict", "Conflict", null],
    [
      422,
      duplicates,
      "unprocessable",
      "Unprocessable Entity",
      "dialer_campaign: already imported; dialer_campaign: not called",
    ],
    [418, {}, "api_error", "I'm a Teapot", null],
    [499, "", "api_error", "unknown status", null],
    [500, "<h1>Oops</h1>", "server_error", "Internal Server Error", null],
    [503, { error: { message: "down" } }, "server_error", "Service Unavailable", "message: down"],
  ])("%d %j is %s", async (status, body, code, title, troubleshoot) => {
    const error = await refusal(status, body);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, code, title, troubleshoot, request: "GET /v1/calls/:id" });
    const said =
      status < 500 ? ` was refused by Aircall (${status} ${title})` : `: Aircall answered ${status} ${title}`;
    expect(error.message).toContain(`GET /v1/calls/:id${said}`);
  });

  it.each([
    "null",
    "42",
    '"text"',
    "[]",
    "[[[]]]",
    "true",
    "{",
    "<html>",
    '{"error":null,"errors":null,"message":{},"troubleshoot":[]}',
    '{"error":"","message":"  ","errors":[null,"",{}]}',
    '{"__proto__":{"error":"x"},"constructor":1}',
    "[".repeat(30_000),
    `{"errors":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
    `{"errors":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
    "x".repeat(200_000),
  ])("with a useless body still says what happened (%#)", async (body) => {
    expect(await refusal(422, body)).toMatchObject({
      code: "unprocessable",
      title: "Unprocessable Entity",
      troubleshoot: null,
      message: "GET /v1/calls/:id was refused by Aircall (422 Unprocessable Entity).",
    });
  });

  it("keeps long lists short, phone numbers out and control characters visible", async () => {
    const errors = Array.from({ length: 500 }, (_, i) => `+3319900${1000 + i} is\ntaken`);
    const { troubleshoot } = await refusal(422, { errors });
    expect(troubleshoot).toContain("[number] is\\u000ataken");
    expect(troubleshoot).not.toMatch(/\d{6}/);
    expect(troubleshoot!.length).toBeLessThan(600);
  });

  it("lets code reach the phone numbers it is about, and shows them to nobody", async () => {
    const errors = {
      dialer_campaign: ["+33199001234 already imported, but not called", "+33 1 99 00 12 35 is invalid"],
    };
    const error = await refusal(422, { error: "Unprocessable Entity", errors });
    expect(error.phoneNumbers()).toEqual(["+33199001234", "+33 1 99 00 12 35"]);
    expect(ofRequest(error, error.request, "unknown").phoneNumbers()).toEqual(error.phoneNumbers());
    const shown = [inspect(error, { depth: 10, showHidden: true, getters: true }), JSON.stringify(error)].join("\n");
    expect(shown).not.toMatch(/1990012|00 12/);
    expect((await refusal(404, { error: "Not Found", errors })).phoneNumbers()).toEqual([]);
  });

  it("asks nobody whether the credential is good where the number is in the wrong mode", async () => {
    const refused: number[] = [];
    const tokens = {
      owner: () => Promise.resolve(null),
      credential: () => Promise.resolve({ authorization: `Bearer ${secret}`, secret }),
      refused: (_credential: unknown, status: number) => (refused.push(status), Promise.resolve("permission" as const)),
    };
    const http = connect(await serve({ status: 403, body: wrongMode }), { tokens });
    await expect(http.send(route`GET /v1/ping`, null)).rejects.toMatchObject({ code: "wrong_number_mode" });
    expect(refused).toEqual([]);
  });

  it("reads the rate headers of the answer", async () => {
    const headers = { "X-AircallApi-Limit": "120", "X-AircallApi-Remaining": "3", "X-AircallApi-Reset": "1795428000" };
    const http = connect(await serve({ status: 404, headers }));
    await expect(http.send(route`GET /v1/calls/${7}`, "call")).rejects.toMatchObject({
      rate: { limit: 120, remaining: 3, resetAt: new Date(1_795_428_000_000) },
    });
  });

  it("survives a body that breaks off", async () => {
    const api = await serve((req, res) => {
      res.writeHead(404, { "content-length": "100" }).write('{"error":');
      setTimeout(() => req.socket.destroy(), 10);
    });
    const request = connect(api).send(route`GET /v1/calls/${7}`, "call");
    await expect(request).rejects.toMatchObject({ code: "not_found", title: "Not Found" });
  });
});

describe("an answer that repeats our secrets", () => {
  const awkward = "p@ss/w+rd=&~";
  const pair = Buffer.from(`api-id:${awkward}`).toString("base64");
  const credentials = [
    { authorization: `Bearer ${secret}`, secret },
    { authorization: `Basic ${pair}`, secret: awkward },
  ];

  it.each(credentials)("shows none of them in any error: $authorization", async (credential) => {
    const leaks = [credential.secret, encodeURIComponent(credential.secret), pair, pair.replace(/=+$/, "")];
    const tokens = {
      owner: () => Promise.resolve(null),
      credential: () => Promise.resolve(credential),
      refused: () => Promise.resolve("permission" as const),
    };
    for (const status of [200, 301, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503]) {
      for (const shape of shapes) {
        const api = await serve((req, res) => {
          const echo = req.headers.authorization!;
          const texts = [echo, encodeURIComponent(echo), credential.secret, encodeURIComponent(credential.secret)];
          res.writeHead(status, { location: `/?${encodeURIComponent(echo)}`, "Retry-After": echo });
          res.end(shape(texts.join(" ")));
        });
        const request = connect(api, { tokens }).send(route`GET /v1/calls/${7}`, "call", { maxRetries: 0 });
        const error: unknown = await request.then(
          () => null,
          (reason: unknown) => reason,
        );
        const shown = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error)].join(
          "\n",
        );
        for (const leak of leaks) expect(shown).not.toContain(leak);
      }
    }
  });
});

const shapes: ((echo: string) => string)[] = [
  (echo) => echo,
  (echo) => JSON.stringify({ error: echo, message: echo, troubleshoot: echo, errors: echo, key: echo, data: echo }),
  (echo) => JSON.stringify({ error: { [echo]: echo }, errors: { [echo]: [echo, { [echo]: echo }] } }),
  (echo) => JSON.stringify([echo]),
  (echo) => JSON.stringify({ error: `${"x".repeat(280)}${echo}` }),
];
