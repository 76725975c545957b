import { conformanceTable } from "./conformance";
import { weightsTable } from "./weights";
import { coverageTable, leftOutTable } from "./coverage";

/** What `docs/evidence.md` holds between `<!-- name -->` and `<!-- end -->`: the cells of each row. */
export const tables: Record<string, () => string[][]> = {
  conformance: conformanceTable,
  coverage: coverageTable,
  "left out": leftOutTable,
};

/** Tables of what is measured as they are written. */
const measured: Record<string, () => string[][]> = { weights: weightsTable };

const between = (name: string) => new RegExp(`(<!-- ${name} -->\n)(.*?)(<!-- end -->)`, "s");

/** The cells of the table that the page has there now, without the line below its head. */
export function shown(page: string, name: string): string[][] {
  const [, , table = ""] = between(name).exec(page) ?? [];
  const lines = table.split("\n").filter((line) => line.startsWith("|") && !/^\| -/.test(line));
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

export function withTables(page: string): string {
  return Object.entries({ ...tables, ...measured }).reduce(
    (text, [name, rows]) =>
      text.replace(between(name), (_, begin: string, _old, end: string) => `${begin}\n${markdown(rows())}\n\n${end}`),
    page,
  );
}

function markdown([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
