import { ConfigError, StoreError } from "../../../../src/errors/errors";
import { codeOnly, explained, isCollision } from "../../../../src/grants/stores/postgres/errors";

describe("an error of Postgres", () => {
  const rejected = (code: unknown, more: object = {}) => Object.assign(new Error("with a value"), { code }, more);

  it.each<[string, unknown, string]>([
    ["pg", rejected("23505"), "23505"],
    ["a socket", rejected("ECONNREFUSED"), "ECONNREFUSED"],
    ["Prisma", rejected("P2010", { meta: { code: "40001" } }), "40001"],
    [
      "an adapter of Prisma's",
      rejected("P2010", { meta: { driverAdapterError: { cause: { originalCode: "42P01" } } } }),
      "42P01",
    ],
    [
      "an adapter of Prisma's that throws",
      rejected("P2010", { meta: { driverAdapterError: new Error("", { cause: { originalCode: "42P01" } }) } }),
      "42P01",
    ],
    ["Drizzle", new Error("with a value", { cause: rejected("42501") }), "42501"],
    ["one that says a code in a plain object", { cause: { code: "42501" } }, "42501"],
    ["one with a word, whose cause says the code", rejected("FAILED", { cause: { code: "57P01" } }), "57P01"],
    ["one with two codes, of which the inner tells more", rejected("40001", { cause: { code: "53300" } }), "53300"],
  ])("keeps the code that %s says, and nothing else", (_whose, error, code) => {
    const kept = codeOnly(error);
    expect(kept).toMatchObject({ name: "PostgresError", message: code, code });
    expect(kept.cause).toBeUndefined();
  });

  it.each([
    undefined,
    "42P01",
    rejected(42_501),
    rejected("a value"),
    rejected("A VALUE"),
    rejected("with A_VALUE"),
    rejected("1A"),
    rejected("A"),
    rejected("a42P01"),
    rejected("42P01a"),
    rejected(`A${"B".repeat(40)}`),
  ])("keeps nothing of what is no code (%#)", (error) => {
    const kept = codeOnly(error);
    expect(kept).toMatchObject({ name: "PostgresError", message: "no details" });
    expect(kept).not.toHaveProperty("code");
  });

  it("may have been a collision, after which one tries again", () => {
    expect(["40001", "40P01", "40002", undefined].map((code) => isCollision(code ? { code } : {}))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  describe("as an operator reads it", () => {
    const failed = (cause: unknown) => new StoreError("read a grant", "Postgres failed.", { cause });

    it.each([
      ["42P01", "has not the tables of grants: run what `npx express-aircall grants migration` prints"],
      ["3F000", "has not the tables of grants"],
      ["42703", "has tables of another version: run what `npx express-aircall grants migration` prints"],
      ["42501", "keeps a table from its user: GRANT SELECT, INSERT, UPDATE, DELETE on all of them"],
      ["25006", "takes no writes here: give the pool of the primary"],
      ["28P01", "lets its user not in: look at the user, the password and the database of the pool"],
      ["3D000", "lets its user not in"],
      ["53300", "has no connection left: let the pools of all processes be smaller"],
      ["53100", "has no room left"],
      ["57P03", "is closing or starting"],
      ["08006", "is closing or starting"],
    ])("says of %s what can be done", (code, reason) => {
      const cause = codeOnly(rejected(code));
      const said = explained(failed(cause));
      expect(said).toBeInstanceOf(StoreError);
      expect(said).toMatchObject({ operation: "read a grant", cause });
      expect(String(said)).toContain(`Postgres (what was given to postgresGrants()) ${reason}`);
      expect(String(said)).toContain(`(${code})`);
    });

    it.each([
      "23505",
      "A42P01",
      "A3F000",
      "A42703",
      "A42501",
      "A25006",
      "A28",
      "A3D000",
      "A53300",
      "A53",
      "A57P0",
      "A08",
    ])("is left as it is where nothing is known of it: %s", (code) => {
      const error = failed({ code });
      expect(explained(error)).toBe(error);
    });

    it("is left as it is where it has no code, and where it is none of the store's", () => {
      for (const error of [failed(undefined), new Error("a bug"), { cause: { code: "42P01" } }])
        expect(explained(error)).toBe(error);
    });

    it("is the setting's fault that it was", () => {
      const fault = new ConfigError("no such option");
      expect(explained(failed(fault))).toBe(fault);
    });
  });
});
