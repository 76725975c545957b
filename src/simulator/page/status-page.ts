import { createHash } from "node:crypto";
import { escape } from "../oauth/page";
import { liveSection, type Live } from "./live-section";
import { controls } from "./controls";
import { statusScript } from "./status-script";
import { statusStyles } from "./status-styles";

export interface Status extends Live {
  /** Where the reader reached the simulator. */
  readonly base: string;
  /** Environment variables, one to a line. */
  readonly basic: readonly string[];
  readonly oauth: readonly string[];
}

export const statusPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(statusStyles)}`,
  `script-src ${hashOf(statusScript)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Of use with a script only, which shows it. */
const copyButton = '<button type="button" class="copy" hidden>Copy</button>';

/** What the simulator received, and how an app meets it. */
export function statusPage(status: Status): string {
  const { base, basic, oauth, requests, companies } = status;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Aircall simulator</title>
<noscript><meta http-equiv="refresh" content="5"></noscript>
<style>${statusStyles}</style>
</head>
<body>
<div class="wrap">
<header><h1>Aircall simulator</h1><p>${escape(base)}</p><p id="state" role="status"></p></header>
<details class="card"${requests.length === 0 ? " open" : ""}>
<summary>Settings for your app</summary>
<p>Give it one of these two blocks, not both.</p>
<div class="pair">
<div><p>Either one company by its API key, ${escape(companies[0]?.name ?? "")}</p><pre>${escape(basic.join("\n"))}</pre>${copyButton}</div>
<div><p>Or every company that connects, by OAuth</p><pre>${escape(oauth.join("\n"))}</pre>${copyButton}</div>
</div>
<p>The companies here, with the ids for the option <code>companies</code></p>
<ul>${companies.map(({ id, name }) => `<li><code>${id}</code> ${escape(name)}</li>`).join("")}</ul>
</details>
${controls(status)}
${liveSection(status)}
<footer>A pretend Aircall, for development and tests. Times are UTC; queries and bodies are not shown.</footer>
</div>
<script>${statusScript}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
