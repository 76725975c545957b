import { readFileSync } from "node:fs";
import { join } from "node:path";
import rows from "./asked.json";

const root = join(__dirname, "../../..");

/** What a specification, or a neighbour, asks of us, and the test that shows it. */
export interface Conformance {
  readonly of: string;
  readonly section: string;
  readonly asks: string;
  readonly file: string;
  readonly test: string;
}

export const conformance: readonly Conformance[] = rows;

/** Whether the file names a test so, as its source has it. */
export function hasTest({ file, test }: Pick<Conformance, "file" | "test">): boolean {
  const source = readFileSync(join(root, file), "utf8");
  const calls = source.split(/\(\s*(?=["`])/).slice(1);
  return calls.some((call) => call.startsWith(`"${test}",`) || call.startsWith(`\`${test}\`,`));
}

export function conformanceTable(): string[][] {
  const lines = conformance.map(({ of, section, asks, file, test }) => [
    `${of}, ${section}`,
    asks,
    `\`${file}\``,
    test.replace("${shapes.length}", "40"),
  ]);
  return [["Asked by", "What", "In", "Test"], ...lines];
}
