import type { Company } from "../data/company";
import type { FaultRule } from "../fault-rule";
import type { ActiveFault } from "../faults";
import { escape } from "../oauth/page";

/** What can be chosen to go wrong, by the word the form sends. */
export const effects = {
  unavailable: { label: "answer 503", rule: { status: 503 } },
  limited: { label: "answer 429 for a second", rule: { rateLimited: true } },
  forbidden: { label: "answer 403", rule: { status: 403, body: { message: "Forbidden" } } },
  slow: { label: "answer after 2 seconds", rule: { latencyMs: 2_000 } },
  hang: { label: "never answer", rule: { hang: true } },
  broken: { label: "answer JSON that breaks off", rule: { brokenJson: true } },
  before: { label: "reset the connection before acting", rule: { reset: "before" } },
  after: { label: "act, then reset the connection", rule: { reset: "after" } },
} as const satisfies Record<string, { label: string; rule: FaultRule }>;

/** Lets something happen at the pretend Aircall; `actions` is where the forms lead. */
export function controls({ actions, companies }: { actions: string; companies: readonly Company[] }): string {
  return `<section class="card"><h2>Make something happen</h2>
<form method="post" action="${escape(actions)}/missed-call">
<label>Miss a call of <select name="company_id">${companies.map(companyOption).join("")}</select></label>
<button>Miss a call now</button>
</form>
<form method="post" action="${escape(actions)}/whole-call">
<label>Let a whole call come to <select name="company_id">${companies.map(companyOption).join("")}</select></label>
<button>Play a call</button>
</form>
<form method="post" action="${escape(actions)}/faults">
<label>Let <input name="path" placeholder="every address" aria-label="Which address" pattern="/[^?]*" title="As /v1/calls/:id; empty for all"></label>
<label><select name="effect" aria-label="What goes wrong">${Object.entries(effects).map(effectOption).join("")}</select></label>
<label><input name="times" type="number" min="1" max="10000" value="1" required aria-label="How many times"> times</label>
<button>Add this fault</button>
</form>
</section>`;
}

/** The faults that still strike, each with a button that ends it. */
export function faultList({ actions, faults }: { actions: string; faults: readonly ActiveFault[] }): string {
  if (faults.length === 0) return "";
  const rows = faults.map(
    ({ id, rule, left }) => `<tr><td><code>${escape(whereOf(rule))}</code></td><td>${escape(whatOf(rule))}</td>
<td class="quiet number">${left === Infinity ? "until it is ended" : `${left} more`}</td>
<td><form method="post" action="${escape(actions)}/faults/${id}/end"><button>End</button></form></td></tr>`,
  );
  return `<section class="card"><h2>Faults</h2><table class="faults"><tbody>${rows.join("\n")}</tbody></table></section>`;
}

function whereOf({ match: { method = "", path = "every address" } = {} }: FaultRule): string {
  return `${method} ${String(path)}`.trim();
}

/** By its label where this page made it, else by the names of what it does. */
function whatOf({ match: _, times: __, ...effect }: FaultRule): string {
  const known = Object.values(effects).find(({ rule }) => JSON.stringify(rule) === JSON.stringify(effect));
  return known?.label ?? Object.keys(effect).join(", ");
}

function companyOption({ id, name }: Company): string {
  return `<option value="${id}">${escape(name)}</option>`;
}

function effectOption([word, { label }]: [string, { label: string }]): string {
  return `<option value="${word}">${label}</option>`;
}
