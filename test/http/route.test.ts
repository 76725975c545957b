import fc from "fast-check";
import { AircallError, ArgumentError } from "../../src/errors/errors";
import { rawRoute, route, type Method, type Route, withQuery } from "../../src/http/route";
import documented from "../resources/routes.json";
import { anyUnicode } from "../support/any-text";

describe("route", () => {
  it("puts every value into one segment and hides it in the template", () => {
    expect(route`GET /v2/users/${"ana@example.com"}/numbers/${7}`).toEqual({
      method: "GET",
      path: "/v2/users/ana@example.com/numbers/7",
      template: "GET /v2/users/:id/numbers/:id",
    });
  });

  it("takes call ids beyond 32 bits and text that needs encoding", () => {
    expect(route`GET /v1/calls/${2 ** 40}`.path).toBe("/v1/calls/1099511627776");
    expect(route`GET /v1/tags/${"a/b?c#d%2e é"}`.path).toBe("/v1/tags/a%2Fb%3Fc%23d%252e%20%C3%A9");
  });

  it.each([
    "",
    ".",
    "..",
    "a\nb",
    "a\u0000",
    "\u0085",
    "\ud800",
    "x\udc00y",
    -1,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    -7n,
    {},
    ["7"],
  ])("has no path for %p, which a visitor may have sent, and does not repeat it", (value) => {
    const { refusal } = route`GET /v1/calls/${value as never}`;
    expect(refusal).toBeInstanceOf(ArgumentError);
    expect(refusal).toMatchObject({ status: 400, outcome: "not_sent" });
    expect(refusal!.message).toMatch(/^GET \/v1\/calls\/:id: the id (must be|must not be|is an object|is a list)/);
  });

  it.each<[unknown, string]>([
    [undefined, "the id is undefined"],
    [null, "the id is null"],
    [true, "the id is a boolean"],
    [() => 7, "the id is a function"],
  ])("has none for %p, and says so", (value, reason) => {
    expect(route`GET /v1/calls/${value as never}`.refusal).toMatchObject({
      status: 400,
      message: `GET /v1/calls/:id: ${reason}; it must be a number or a text. Nothing was sent.`,
    });
  });

  it("says which of two ids it is", () => {
    const refusals = [
      route`DELETE /v1/teams/${undefined as never}/users/${7}`,
      route`DELETE /v1/teams/${4}/users/${""}`,
    ];
    expect(refusals.map(({ refusal }) => refusal!.message)).toEqual([
      expect.stringContaining("the first id is undefined"),
      expect.stringContaining("the second id must not be empty"),
    ]);
  });

  it("takes the ids of databases that count in bigints", () => {
    expect(route`GET /v1/calls/${7n as never}`.path).toBe("/v1/calls/7");
  });

  it("keeps its shape whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const path = pathOrNull(() => route`GET /v1/users/${text}/calls`);
        if (path === null) return;
        const url = new URL(`https://api.aircall.io${path}`);
        expect(url.host).toBe("api.aircall.io");
        expect(url.pathname).toBe(path);
        expect(path.split("/")).toHaveLength(5);
        expect(decodeURIComponent(path.split("/")[3]!)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("withQuery", () => {
  const update = route`PUT /v1/webhooks/${"6f1c"}`;

  it("adds the query to the path and not to the template", () => {
    expect(withQuery(update, { events_action: "add", tags: [1] })).toEqual({
      method: "PUT",
      path: "/v1/webhooks/6f1c?events_action=add&tags%5B%5D=1",
      template: "PUT /v1/webhooks/:id",
    });
  });

  it("leaves the route as it is when there is nothing to add", () => {
    expect(withQuery(update, { events_action: undefined })).toEqual(update);
  });
});

describe("rawRoute", () => {
  it("keeps a plain path, adds the query, and shows only words in the template", () => {
    expect(rawRoute("POST", "/v1/calls/812/tags/ana@example.com", { install: true })).toEqual({
      method: "POST",
      path: "/v1/calls/812/tags/ana@example.com?install=true",
      template: "POST /v1/calls/:id/tags/:id",
    });
  });

  it("gives every documented route the template that its row has", () => {
    const templates = documented
      .filter(({ path }) => path !== "/")
      .map(({ method, path }) => ({
        written: rawRoute(method as Method, path.replace(/:\w+/g, "812")).template,
        documented: `${method} ${path.replace(/:\w+/g, ":id")}`,
      }));
    expect(templates.map(({ written }) => written)).toEqual(templates.map((one) => one.documented));
  });

  it.each([
    "https://evil.example/v1/calls",
    "//evil.example/v1",
    "/\\evil.example",
    "\\\\evil.example",
    "/v1\\..\\calls",
    "v1/calls",
    "@evil.example/",
    "/",
    "",
    "/v1//calls",
    "/v1/calls/",
    "/v1/../oauth/token",
    "/v1/./calls",
    "/v1/%2e%2e/oauth",
    "/v1/.%2E/oauth",
    "/v1/%2e",
    "/v1/calls\r\nX-Evil: 1",
    "/v1/%0d%0aX",
    "/v1/%00",
    "/v1/%zz",
    "/v1/%ff",
    "/v1/calls?page=2",
    "/v1/calls#x",
    undefined,
    7,
  ])("refuses %p", (path) => {
    expect(pathOrNull(() => rawRoute("GET", path as string))).toBeNull();
  });

  it("refuses a method Aircall does not know", () => {
    expect(() => rawRoute("get" as Method, "/v1/calls")).toThrow("GET, POST, PUT, DELETE");
  });

  it("stays on the API's origin and below its first segment whatever the path", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const path = pathOrNull(() => rawRoute("GET", `/v1/${text}`));
        if (path === null) return;
        const url = new URL(`https://api.aircall.io${path}`);
        expect(url.origin).toBe("https://api.aircall.io");
        expect(url.pathname).toBe(path);
        expect(path).toMatch(/^\/v1\/[^?#\\\s]+$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

const nasty = fc.constantFrom("..", ".", "/", "%2e", "%2f", "\\", "@", ":", "?", "#", "\r\n", "\ud800", " ", "//", "é");
const anyText = fc.oneof(
  anyUnicode,
  fc.array(fc.oneof(nasty, fc.string({ maxLength: 3 })), { maxLength: 6 }).map((parts) => parts.join("")),
);

function pathOrNull(build: () => Route): string | null {
  try {
    const { path, refusal } = build();
    if (refusal) throw refusal;
    return path;
  } catch (error) {
    expect(error).toBeInstanceOf(AircallError);
    return null;
  }
}
