/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds amiss on the page as it is, each with where; nothing is what we want. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Handed over by the debugger, so the page's policy against foreign scripts stays in force.
  await page.evaluate(source);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ")))`);
}
