import type { Config } from "../../config/config";
import type { Ask } from "./asking";
import { facts } from "./facts";

export interface FoundFact {
  readonly name: string;
  readonly assumed: string;
  readonly found: string;
}

/** One after the other, so that a check takes little of the company's limit at a time. */
export async function findFacts(ask: Ask, onFact: () => void): Promise<FoundFact[]> {
  const found: FoundFact[] = [];
  for (const { name, assumed, find } of facts) {
    found.push({ name, assumed, found: await find(ask).catch(() => "could not be asked") });
    onFact();
  }
  return found;
}

/** What can be pasted into an issue: it holds no secret, no number, and no name of anybody. */
export function pasteable(config: Config, found: readonly FoundFact[], version: string): string {
  const asked = config.apiUrl === "https://api.aircall.io" ? "the real Aircall" : "not the real Aircall";
  const rows = found.map((fact) => `| ${fact.name} | ${fact.assumed} | ${fact.found} |`);
  return [
    `express-aircall ${version}, Node ${process.version}, ${config.scheme}, ${asked}`,
    "",
    "| Fact | Assumed | Found |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
