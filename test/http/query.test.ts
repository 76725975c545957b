import { ConfigError } from "../../src/errors";
import { encodeQuery } from "../../src/http/query";

describe("encodeQuery", () => {
  it.each<[object, string]>([
    [{}, ""],
    [{ a: undefined, b: null, page: 2 }, "page=2"],
    [{ fetch_contact: true, archived: false }, "fetch_contact=true&archived=false"],
    [{ tags: [1, 2], none: [] }, "tags%5B%5D=1&tags%5B%5D=2"],
    [{ name: "a b&c=d\r\n" }, "name=a+b%26c%3Dd%0D%0A"],
    [{ from: new Date("2026-11-23T10:00:00.900Z"), to: 1795428001.7 }, "from=1795428000&to=1795428001"],
    [{ from: "1795428000" }, "from=1795428000"],
    [{ since: new Date(5_000) }, "since=5"],
    [{ per_page: 50 }, "per_page=50"],
    [{ per_page: 500 }, "per_page=50"],
    [{ id: 7n }, "id=7"],
  ])("writes %j as %s", (query, expected) => {
    expect(encodeQuery(query)).toBe(expected);
  });

  it.each<[object, string]>([
    [{ from: Date.now() }, "from is in milliseconds"],
    [{ to: String(Date.now()) }, "to is in milliseconds"],
    [{ from: new Date(NaN) }, "from must be a valid Date"],
    [{ to: "yesterday" }, "to must be a valid Date"],
    [{ to: "" }, "to must be a valid Date"],
    [{ from: true }, "from must be a valid Date"],
    [{ page: NaN }, "page must be"],
    [{ page: Infinity }, "page must be"],
    [{ filter: { a: 1 } }, "filter must be"],
    [{ tags: [[1]] }, "tags must be"],
    [{ tags: [undefined] }, "tags must be"],
    [{ callback: () => 1 }, "callback must be"],
  ])("refuses %p and names the parameter", (query, message) => {
    expect(() => encodeQuery(query)).toThrow(ConfigError);
    expect(() => encodeQuery(query)).toThrow(message);
  });
});
