import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

export interface Page {
  /** From the repository's root, such as `docs/errors.md`. */
  readonly path: string;
  readonly text: string;
}

export const readme = readPage("README.md");

/** What stands under `docs/`. */
export const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => readPage(`docs/${name}`));

/** Everything that is read before or beside the code. */
export const papers = [
  readme,
  ...["CONTRIBUTING.md", "SECURITY.md", "llms.txt", "skills/express-aircall/SKILL.md"].map(readPage),
  ...pages,
];

function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** Blocks of JavaScript, in order. */
export function programsOf(text: string): string[] {
  return Array.from(text.matchAll(/^```js\n(.*?)^```/gms), ([, code = ""]) => code);
}

/** The text below a heading, up to the next one. */
export function sectionOf({ text }: Page, heading: string): string {
  const [, section] = text.split(new RegExp(`^#+ ${heading}\n`, "m"));
  if (section === undefined) throw new Error(`There is no heading "${heading}".`);
  return section.split(/^#+ /m)[0]!;
}

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, "");

/** Where links lead, as written: no other hosts. */
export function linksOf({ text }: Page): string[] {
  const links = Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target);
  return links.filter((target) => !/^https?:/.test(target));
}

/** The anchors that GitHub gives to a page's headings, and those that are written out. */
export function anchorsOf({ text }: Page): string[] {
  const written = Array.from(text.matchAll(/<a id="(\w+)"><\/a>/g), ([, id = ""]) => id);
  const ofHeadings = Array.from(withoutCode(text).matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return [...written, ...ofHeadings];
}
