/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds amiss on the page as it is, each with where, by some of its rules or all; nothing is what we want. */
export async function faultsOf(page: Page, options: RunOptions = {}): Promise<string[]> {
  // Handed over by the debugger, so the page's policy against foreign scripts stays in force.
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(source);
  return page.evaluate<string[]>(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ")))`);
}
