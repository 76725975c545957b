// npm run evidence: writes the tables of docs/evidence.md anew, from the lists of the sources and the tests.
require("../../support/typescript-sources.cjs");
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const prettier = require("prettier");
const { withTables } = require("./tables.ts");

const page = join(__dirname, "../../../docs/evidence.md");

async function write() {
  const options = { ...(await prettier.resolveConfig(page)), parser: "markdown" };
  writeFileSync(page, await prettier.format(withTables(readFileSync(page, "utf8")), options));
}

void write();
