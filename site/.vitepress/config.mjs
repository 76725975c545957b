import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { slug } from "../slug.mjs";

const pages = join(import.meta.dirname, "../pages");
const titleOf = (name) => /^# (.+)$/m.exec(readFileSync(join(pages, `${name}.md`), "utf8"))[1].replaceAll("`", "");
const items = (...names) =>
  names
    .filter((name) => existsSync(join(pages, `${name}.md`)))
    .map((name) => ({ text: titleOf(name), link: `/${name}` }));
const recipes = readdirSync(join(pages, "recipes")).map((file) => `recipes/${file.replace(/\.md$/, "")}`);

/** Pages are rendered for the browser, for the server and for the search: their code is highlighted for all three. */
function highlightOnce(markdown) {
  const { highlight } = markdown.options;
  const highlighted = new Map();
  markdown.options.highlight = (code, ...language) => {
    const key = JSON.stringify([code, ...language]);
    if (!highlighted.has(key)) highlighted.set(key, highlight(code, ...language));
    return highlighted.get(key);
  };
}

export default defineConfig({
  title: "express-aircall",
  description: "Express middleware and Passport strategy that put an authenticated Aircall client on req",
  srcDir: "pages",
  cleanUrls: true,
  head: [["link", { rel: "icon", href: "data:," }]],
  ignoreDeadLinks: "localhostLinks",
  markdown: { anchor: { slugify: slug }, config: highlightOnce },
  themeConfig: {
    search: {
      provider: "local",
      // Pages before the reference, which names everything.
      options: { miniSearch: { searchOptions: { boostDocument: (id) => (id.includes("/reference/") ? 0.3 : 1) } } },
    },
    outline: { level: [2, 3] },
    nav: [
      { text: "Begin", link: "/getting-started" },
      { text: "Recipes", link: "/recipes" },
      { text: "Errors", link: "/errors" },
      { text: "Reference", link: "/reference/" },
    ],
    sidebar: [
      { text: "Begin", items: items("getting-started", "settings", "testing", "cli", "faq") },
      { text: "Connect", items: items("sign-in", "passport", "guards", "frameworks", "companies", "grants") },
      {
        text: "Use",
        items: items("client", "lists", "recordings", "webhooks", "writes", "rate-limits", "http"),
      },
      { text: "Recipes", collapsed: true, items: items("recipes", ...recipes) },
      {
        text: "Run",
        items: items("deploying", "bundling", "sessions", "security", "diagnostics", "errors", "migrating"),
      },
      { text: "Believe", items: items("under-fire", "compared", "evidence") },
      { text: "Work on it", items: items("architecture", "contributing", "changelog") },
      { text: "Reference", link: "/reference/" },
    ],
  },
});
