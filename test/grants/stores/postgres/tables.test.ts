import { ConfigError } from "../../../../src/errors/errors";
import { readTables, type PostgresPlace } from "../../../../src/grants/stores/postgres/tables";

describe("the names of the tables of grants", () => {
  it("begin with aircall_, wherever the search path leads", () => {
    expect(readTables({})).toEqual({
      schema: null,
      prefix: "aircall_",
      grants: '"aircall_grants"',
      links: '"aircall_grant_links"',
      leases: '"aircall_leases"',
      records: '"aircall_records"',
    });
  });

  it("are those of the schema and the prefix that were named, as they are written", () => {
    expect(readTables({ schema: "Our_1", prefix: "_A2" })).toEqual({
      schema: "Our_1",
      prefix: "_A2",
      grants: '"Our_1"."_A2grants"',
      links: '"Our_1"."_A2grant_links"',
      leases: '"Our_1"."_A2leases"',
      records: '"Our_1"."_A2records"',
    });
  });

  it("have room for a schema of 63 letters and a prefix of 30", () => {
    const place = { schema: "s".repeat(63), prefix: "p".repeat(30) };
    expect(readTables(place)).toMatchObject(place);
  });

  it.each<[PostgresPlace, string]>([
    [{ schema: "s".repeat(64) }, "{ schema }) must be letters, digits and _, at most 63"],
    [{ prefix: "p".repeat(31) }, "{ prefix }) must be letters, digits and _, at most 30"],
    [{ schema: "" }, "schema"],
    [{ prefix: "" }, "prefix"],
    [{ prefix: "1a" }, "prefix"],
    [{ prefix: "-a" }, "prefix"],
    [{ prefix: "a-" }, "prefix"],
    [{ prefix: ["a"] as never }, "prefix"],
    [{ schema: 'a"b' }, "schema"],
  ])("are not made of %j", (place, reason) => {
    expect(() => readTables(place)).toThrow(ConfigError);
    expect(() => readTables(place)).toThrow(reason);
  });
});
