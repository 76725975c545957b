import { createHash } from "node:crypto";
import { styles } from "./styles";

/**
 * Nothing but the page's own style sheet. There is no `form-action`: Chromium applies it to the redirect after a
 * form as well, and that leads to an app we do not know.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(styles).digest("base64")}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A whole page. `main` is HTML; the title is text. */
export function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Aircall simulator</title>
<style>${styles}</style>
</head>
<body>
<main>
<p class="badge">Aircall simulator</p>
${main}
</main>
<footer>A pretend Aircall, for development and tests.</footer>
</body>
</html>
`;
}

export function messagePage(title: string, sentence: string): string {
  return page(title, `<h1>${escape(title)}</h1>\n<p>${escape(sentence)}</p>`);
}

export function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
