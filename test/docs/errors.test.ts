import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SignInErrorCode } from "express-aircall";
import { refusalOf } from "../config/refusal";
import { impossibleSettings } from "../support/impossible-settings";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");

/** The cells of every row below this heading, up to the next of its kind. */
function rowsOf(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  return section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

/** The text of a cell in backticks, as a pattern: `…` stands for anything. */
function patternOf(cell: string): RegExp {
  const parts = cell.replaceAll("`", "").split("…");
  return new RegExp(parts.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")).join(".*"));
}

const configPatterns = rowsOf("ConfigError").map(([, says = ""]) => patternOf(says));

describe("the page of errors", () => {
  it.each(impossibleSettings)("has a line for this setting, which is refused as the app starts: %s", (_what, start) => {
    const { message } = refusalOf(start);
    expect(configPatterns.filter((pattern) => pattern.test(message))).toHaveLength(1);
  });

  const codes: Record<SignInErrorCode, true> = {
    sign_in_denied: true,
    sign_in_failed: true,
    sign_in_refused: true,
    sign_in_state: true,
    sign_in_callback: true,
    sign_in_exchange: true,
    sign_in_profile: true,
  };

  it.each(Object.keys(codes) as SignInErrorCode[])("has a line for %s", (code) => {
    expect(rowsOf("SignInError").some(([, named]) => named === `\`${code}\``)).toBe(true);
  });
});
