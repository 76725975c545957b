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
    [new URLSearchParams("tags[]=1&tags[]=2&from=5.5"), "tags%5B%5D=1&tags%5B%5D=2&from=5"],
    [Object.assign(Object.create(null) as object, { page: 2 }), "page=2"],
    [
      new (class Query {
        page = 2;
      })(),
      "page=2",
    ],
  ])("writes %j as %s", (query, expected) => {
    expect(encodeQuery(query)).toBe(expected);
  });

  it("keeps to the page size of a list that has its own", () => {
    const sizes = [20, 100, 101].map((per_page) => encodeQuery({ per_page }, { maxPerPage: 100 }));
    expect(sizes).toEqual(["per_page=20", "per_page=100", "per_page=100"]);
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
    expect(() => encodeQuery(query)).toThrow(message);
  });

  it.each<[string, object]>([
    ["a Map", new Map([["page", 2]])],
    ["a FormData", new FormData()],
    ["a Set", new Set(["page"])],
    ["Headers", new Headers({ page: "2" })],
    ["a list", [["page", 2]]],
    ["a text", "page=2" as never],
    ["a Date", new Date()],
    ["a Buffer", Buffer.from("page=2")],
  ])("refuses %s, of which nothing would be left", (_what, query) => {
    expect(() => encodeQuery(query)).toThrow("The query must be a plain object");
  });

  it.each<[object, number]>([
    [{ from: "yesterday" }, 400],
    [{ from: new Date("yesterday") }, 400],
    [{ from: NaN }, 400],
    [{ to: String(Date.now()) }, 400],
    [{ page: NaN }, 400],
    [{ page: { $ne: 1 } }, 400],
    [{ from: Date.now() }, 500],
    [{ from: true }, 500],
    [{ callback: () => 1 }, 500],
  ])("says of %p whose fault it is: %d", (query, status) => {
    expect(() => encodeQuery(query)).toThrow(expect.objectContaining({ status }) as Error);
  });
});
