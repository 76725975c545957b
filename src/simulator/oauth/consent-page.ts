import type { Company } from "../data/company";
import { escape, page } from "./page";

interface Consent {
  readonly clientId: string;
  /** Of the app the browser goes back to. */
  readonly host: string;
  readonly companies: readonly Company[];
}

/** The form posts to its own address, so what the app asked for travels along. */
export function consentPage({ clientId, host, companies }: Consent): string {
  return page(
    "Connect an app",
    `<h1>Connect this app to Aircall?</h1>
<p>It will see this company’s calls, users and contacts, and act on its behalf.</p>
<dl>
<div><dt>App</dt><dd>${escape(clientId)}</dd></div>
<div><dt>Returns to</dt><dd>${escape(host)}</dd></div>
</dl>
<form method="post">
<fieldset>
<legend>Company</legend>
${companies.map(companyChoice).join("\n")}
</fieldset>
<div class="actions">
<button class="primary" name="decision" value="authorize">Authorize</button>
<button name="decision" value="deny">Deny</button>
</div>
</form>`,
  );
}

function companyChoice({ id, name, users, numbers }: Company, index: number): string {
  return `<label>
<input type="radio" name="company_id" value="${id}"${index === 0 ? " checked" : ""}>
<span><strong>${escape(name)}</strong> <small>${users.length} users · ${numbers.length} numbers</small></span>
</label>`;
}
