// Whether every link and anchor of the built site leads somewhere, every export has a page, and the search knows every
// page. `node check.mjs links`, `exports` or `search` looks at one of the three.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "..");
const built = join(import.meta.dirname, ".vitepress/dist");
const checks = { links, exports: missingExports, search };
const pages = filesIn(built, ".html");
const anchors = new Map(pages.map((page) => [page, anchorsOf(page)]));

const [, , ...asked] = process.argv;
const faults = (asked.length > 0 ? asked : Object.keys(checks)).flatMap((name) => checks[name]());
if (pages.length === 0) faults.push("no page was built");

for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

function links() {
  return pages.flatMap(brokenLinks);
}

/** Lists of source files, and what is shown where there is no page, are not there to be found. */
function search() {
  const chunks = join(built, "assets/chunks");
  const [index] = filesIn(chunks, ".js").filter((name) => name.startsWith("@localSearchIndex"));
  if (index === undefined) return ["there is no index to search in"];
  const text = readFileSync(join(chunks, index), "utf8");
  const wanted = pages.filter((page) => page !== "404.html" && !page.startsWith("source/"));
  return wanted.filter((page) => !text.includes(`"/${addressOf(page)}#`)).map((page) => `${page} cannot be searched`);
}

function addressOf(page) {
  return page.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "");
}

function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending));
}

function textOf(page) {
  return readFileSync(join(built, page), "utf8");
}

function anchorsOf(page) {
  return new Set(Array.from(textOf(page).matchAll(/\sid="([^"]+)"/g), ([, id]) => decodeURIComponent(id)));
}

function brokenLinks(page) {
  const links = Array.from(textOf(page).matchAll(/<a\s[^>]*?href="([^"]+)"/g), ([, href]) => href);
  const own = [...new Set(links)].filter((href) => !/^[a-z]+:/i.test(href));
  return own.filter((href) => !leadsSomewhere(href, page)).map((href) => `${page}: ${href}`);
}

function leadsSomewhere(href, page) {
  const { pathname, hash } = new URL(href.replaceAll("&amp;", "&"), `http://site/${page}`);
  const path = decodeURIComponent(pathname).slice(1);
  const [there] = [path, `${path}.html`, posix.join(path, "index.html")].filter(
    (name) => name !== "" && !name.endsWith("/") && existsSync(join(built, name)),
  );
  if (there === undefined) return false;
  const anchor = decodeURIComponent(hash.slice(1));
  return anchor === "" || !anchors.has(there) || anchors.get(there).has(anchor);
}

function missingExports() {
  const { entryPoints } = JSON.parse(readFileSync(join(import.meta.dirname, "typedoc.json"), "utf8"));
  const files = entryPoints.map((entry) => resolve(import.meta.dirname, entry));
  const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, noLib: true, noResolve: false });
  const checker = program.getTypeChecker();
  const documented = new Set(filesIn(join(built, "reference"), ".html").map((name) => posix.basename(name, ".html")));
  return files.flatMap((file) => {
    const names = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
    const missing = names.map(({ name }) => name).filter((name) => !documented.has(name));
    return missing.map((name) => `${posix.relative(root, file)}: ${name} is on no page`);
  });
}
