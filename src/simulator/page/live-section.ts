import type { Rate } from "../api/rate-limit";
import type { Company } from "../data/company";
import type { ActiveFault } from "../faults";
import type { RecordedRequest, RequestCounts } from "../journal";
import { escape } from "../oauth/page";
import type { IssuedToken } from "../oauth/token-book";
import type { Delivery } from "../webhooks/delivery";
import { faultList } from "./controls";
import { deliverySection } from "./delivery-table";
import { timeOf } from "./time";

/** What a user was asked to do. */
interface ShownDial {
  readonly kind: string;
  readonly companyId: number;
  readonly userId: number;
  /** UNIX milliseconds. */
  readonly at: number;
}

export interface Live {
  readonly companies: readonly Company[];
  readonly counts: RequestCounts;
  /** Oldest first, as the next three. */
  readonly requests: readonly RecordedRequest[];
  readonly dials: readonly ShownDial[];
  readonly tokens: readonly IssuedToken[];
  readonly deliveries: readonly Delivery[];
  readonly rateOf: (companyId: number) => Rate | null;
  readonly rateLimit: number;
  readonly faults: readonly ActiveFault[];
  /** Where the forms of this page lead. */
  readonly actions: string;
  /** UNIX milliseconds. */
  readonly now: number;
}

const requestsShown = 30;
const othersShown = 5;

/** The part of the page that changes. */
export function liveSection(live: Live): string {
  const { counts, dials, tokens } = live;
  return `<div id="live">
<dl class="figures">
${figure("Requests", counts.requests)}
${figure("Refused by the rate limit", counts.limited)}
${figure("At the token endpoint", counts.tokenRequests)}
${figure("Tokens issued", tokens.length)}
${figure("Dials", dials.length)}
</dl>
${faultList(live)}
<section class="card"><h2>Request budgets</h2>
<table class="budgets"><thead><tr><th>Company</th><th>Left</th><th>Renews</th></tr></thead><tbody>
${live.companies.map((company) => budgetRow(company, live)).join("\n")}
</tbody></table></section>
<section class="card"><h2>Latest requests</h2>
${requestTable(live)}
</section>
${deliverySection(live)}
<div class="pair">
<section class="card"><h2>Latest tokens</h2>
${tokenTable(live)}
</section>
<section class="card"><h2>Latest dials</h2>
${dialTable(live)}
</section>
</div>
</div>`;
}

function figure(name: string, value: number): string {
  return `<div><dt>${name}</dt><dd>${value.toLocaleString("en")}</dd></div>`;
}

function budgetRow({ id, name }: Company, { rateOf, rateLimit, now }: Live): string {
  const { limit, remaining, resetAt } = rateOf(id) ?? { limit: rateLimit, remaining: rateLimit, resetAt: null };
  const label = `${remaining} of ${limit}`;
  const low = Math.ceil(limit * 0.1);
  return `<tr><td>${escape(name)}</td>
<td class="number"><meter min="0" max="${limit}" low="${low}" optimum="${limit}" value="${remaining}">${label}</meter> ${label}</td>
<td class="quiet number">${resetAt === null ? "not started" : `in ${Math.ceil((resetAt - now) / 1000)} s`}</td></tr>`;
}

function requestTable({ requests, companies }: Live): string {
  if (requests.length === 0) return `<p class="empty">None yet. Give your app the settings above and use it.</p>`;
  const rows = requests
    .slice(-requestsShown)
    .reverse()
    .map((request) => requestRow(request, companies));
  return `<table class="requests"><thead><tr><th>Request</th><th>Answer</th><th>Company</th><th>Credential</th><th>When</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table>`;
}

function requestRow(request: RecordedRequest, companies: readonly Company[]): string {
  const { method, status, authorization, companyId, at } = request;
  return `<tr><td><code><span class="method">${escape(method)}</span> ${escape(endpointOf(request))}</code></td>
<td class="status ${toneOf(status)}">${status ?? "–"}${reasonOf(request)}</td>
<td class="quiet who">${nameOf(companyId, companies)}</td>
<td class="quiet with">${escape(authorization ?? "–")}</td>
<td class="when">${timeOf(at)}</td></tr>`;
}

/** The endpoint; where there is none, the path without what may be an id, an address or a secret. */
function endpointOf({ route, path }: RecordedRequest): string {
  if (route !== null) return route;
  const parts = path.split("/").map((part) => (/^(v\d|[a-z_-]{0,30})$/i.test(part) ? part : "…"));
  return parts.slice(0, 8).join("/");
}

/** Why a request was refused; left out for bodies and queries, which are not shown: it may name what was in them. */
function reasonOf({ status, reason }: RecordedRequest): string {
  if (reason === null || status === 400 || status === 422) return "";
  return ` <span class="why">${escape(reason)}</span>`;
}

function toneOf(status: number | null): string {
  if (status === null || status >= 500) return "broken";
  if (status >= 400) return "wrong";
  return status >= 300 ? "moved" : "good";
}

function tokenTable({ tokens, companies }: Live): string {
  if (tokens.length === 0) return `<p class="empty">None yet.</p>`;
  const rows = tokens
    .slice(-othersShown)
    .reverse()
    .map(
      ({ accessToken, companyId, state }) =>
        `<tr><td><code>${escape(accessToken.slice(0, 4))}…</code></td><td class="quiet">${nameOf(companyId, companies)}</td><td class="${state === "good" ? "good" : "wrong"}">${state}</td></tr>`,
    );
  return `<table><tbody>${rows.join("\n")}</tbody></table>`;
}

function dialTable({ dials, companies }: Live): string {
  if (dials.length === 0) return `<p class="empty">None yet.</p>`;
  const rows = dials
    .slice(-othersShown)
    .reverse()
    .map(({ kind, companyId, userId, at }) => {
      const user = companies.find(({ id }) => id === companyId)?.users.find(({ id }) => id === userId);
      return `<tr><td>${escape(user?.name ?? "A user")}</td><td class="quiet">${escape(kind)}</td><td>${timeOf(at)}</td></tr>`;
    });
  return `<table><tbody>${rows.join("\n")}</tbody></table>`;
}

function nameOf(companyId: number | null, companies: readonly Company[]): string {
  return escape(companies.find(({ id }) => id === companyId)?.name ?? "–");
}
