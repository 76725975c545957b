// Lays out the papers of the repository as the pages of the site: the README in front, and what a link leads to beside
// the pages, such as an example, as plain text.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const pages = join(import.meta.dirname, "pages");
const papers = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...markdownIn("docs")].filter(exists);
const copied = new Set();

rmSync(pages, { recursive: true, force: true });
for (const paper of papers) write(placeOf(paper), rewritten(paper));
write("public/llms.txt", rewritten("llms.txt"));

function exists(path) {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}

function markdownIn(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".md")).map((name) => posix.join(folder, name));
}

function placeOf(paper) {
  return paper === "README.md" ? "index.md" : paper.replace(/^docs\//, "").toLowerCase();
}

function rewritten(paper) {
  const text = readFileSync(join(root, paper), "utf8");
  const parts = text.split(/(^```.*?^```)/ms);
  return parts.map((part) => (part.startsWith("```") ? part : withLinks(part, paper))).join("");
}

function withLinks(text, paper) {
  return text.replaceAll(/\]\((?!https?:|#)([^)\s#]+)(#[^)\s]*)?\)/g, (_, target, anchor = "") => {
    const path = posix.join(posix.dirname(paper), target);
    return `](${papers.includes(path) ? addressOf(placeOf(path)) : addressOfFile(path)}${anchor})`;
  });
}

function addressOf(place) {
  return `/${place.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`;
}

/** A folder becomes a page that lists its files. */
function addressOfFile(path) {
  const at = join(root, path);
  if (!copied.has(path)) {
    copied.add(path);
    if (statSync(at).isDirectory()) write(`source/${path}.md`, listOf(path));
    else copy(path);
  }
  return statSync(at).isDirectory() ? `/source/${path}` : `/source/${path}.txt`;
}

function listOf(folder) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs|ejs|css|js)$/.test(name) && !/(^|\/)(dist|node_modules)\//.test(name))
    .sort();
  for (const file of files) copy(posix.join(folder, file));
  const lines = files.map((file) => `- <a href="/source/${folder}/${file}.txt" target="_blank">${file}</a>`);
  return `# ${folder}\n\n${lines.join("\n")}\n`;
}

function copy(path) {
  const to = join(pages, "public/source", `${path}.txt`);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to);
}

function write(place, text) {
  const to = join(pages, place);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

console.log(`${papers.length} pages in ${relative(root, pages)}, from ${basename(root)}`);
