// npm run evidence: writes the tables of docs/evidence.md anew, from the lists of the sources and the tests, and from
// what a build weighs that was made from nothing.
require("../../support/typescript-sources.cjs");
const { execFileSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { withTables } = require("./tables.ts");

const page = join(__dirname, "../../../docs/evidence.md");

writeFileSync(page, withTables(readFileSync(page, "utf8")));
execFileSync("npx", ["oxfmt", page]);
