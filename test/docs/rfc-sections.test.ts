import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformance } from "./evidence/conformance";
import sections from "./evidence/rfc-sections.json";
import { papers } from "./pages";

const root = join(__dirname, "../..");

/** Written from each RFC's own table of contents: nothing is cited from memory. */
const known = Object.entries(sections).flatMap(([rfc, titles]) =>
  Object.keys(titles).map((section) => `${rfc} ${section}`),
);

/** `6749 4.1.2.1` for "RFC 6749, section 4.1.2.1": one for each section of a list. */
function citedIn(text: string): string[] {
  const line = text.replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, " ");
  const found = line.matchAll(/RFC (\d+),? (?:sections? )?(\d+(?:\.\d+)*(?:(?:,| and| to) \d+(?:\.\d+)*)*)/g);
  return Array.from(found).flatMap(([, rfc = "", list = ""]) =>
    list.split(/,? (?:and |to )?/).map((section) => `${rfc} ${section}`),
  );
}

function textsBelow(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const own = files.filter((file) => file.endsWith(".ts") && !file.includes("node_modules"));
  return own.map((file) => readFileSync(join(root, folder, file), "utf8"));
}

describe("a section of an RFC", () => {
  it("is one that the RFC has, wherever it is cited", () => {
    const rows = conformance.map(({ of, section }) => `${of}, ${section}`);
    const texts = [...textsBelow("src"), ...textsBelow("test"), ...papers.map(({ text }) => text), ...rows];
    expect([...new Set(texts.flatMap(citedIn))].sort()).toEqual([...known].sort());
  });

  it("is found in a list, and across the lines of a comment", () => {
    expect(citedIn("(RFC 9110, 13.1.2 and 13.1.3)")).toEqual(["9110 13.1.2", "9110 13.1.3"]);
    expect(citedIn(" * asked for (RFC 9110,\n * 14.4). A server")).toEqual(["9110 14.4"]);
  });
});
