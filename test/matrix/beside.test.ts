import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(__dirname, "../..");

/** The test files that jest runs with these settings, by their paths below `test`. */
function listed(config: string): string[] {
  const jest = join(root, "node_modules/jest/bin/jest.js");
  const args = [jest, "--config", join(root, config), "--listTests", "--json"];
  const paths = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as string[];
  return paths.map((path) => relative(join(root, "test"), path).replaceAll("\\", "/"));
}

/** `npm run soak` and `npm run test:site` have these. */
const elsewhere = ["soak/soak.test.ts", "site/site.check.ts"];

it("runs each test file in `npm test` or in the matrix, and none in both", () => {
  const there = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" }).map((path) =>
    path.replaceAll("\\", "/"),
  );
  const wanted = there.filter((path) => /[.](test|check)[.]ts$/.test(path) && !path.includes("node_modules/"));
  const ran = [...listed("test/jest.config.cjs"), ...listed("test/matrix/jest.config.cjs")];
  expect(ran.sort()).toEqual(wanted.filter((path) => !elsewhere.includes(path)).sort());
});
