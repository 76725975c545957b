import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformance, hasTest } from "./evidence/conformance";
import { shown, tables } from "./evidence/tables";
import { describeFiles, describeTree, packed, treeOf } from "./evidence/weights";

const page = readFileSync(join(__dirname, "../../docs/evidence.md"), "utf8");

describe("the page of evidence", () => {
  it("names no test that is not there", () => {
    expect(conformance.length).toBeGreaterThan(50);
    expect(conformance.filter((row) => !hasTest(row))).toEqual([]);
  });

  it("would be told of a test that goes", () => {
    const file = "test/oauth/tokens.test.ts";
    expect(hasTest({ file, test: "accepts the token type %s" })).toBe(true);
    expect(hasTest({ file, test: "accepts the token type" })).toBe(false);
  });

  it.each(Object.keys(tables))("has the table of %s as it is now: else npm run evidence", (name) => {
    expect(shown(page, name)).toEqual(tables[name]!());
  });

  it("counts files and packages as they are now: else npm run evidence", () => {
    const rows = shown(page, "weights").map(([what]) => what);
    expect(rows).toContain(describeFiles(packed().files));
    expect(rows).toContain(describeTree(treeOf("express-aircall")));
  });
});
