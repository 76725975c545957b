import type { Company } from "../data/company";
import { escape } from "../oauth/page";
import type { Delivery } from "../webhooks/delivery";
import { timeOf } from "./time";

interface Shown {
  readonly actions: string;
  readonly companies: readonly Company[];
  /** Oldest first. */
  readonly deliveries: readonly Delivery[];
}

const deliveriesShown = 30;

/** What was sent where, and what became of it; nothing of what was in it. */
export function deliverySection({ actions, companies, deliveries }: Shown): string {
  return `<section class="card"><h2>Latest webhooks</h2>
${offList(companies)}${deliveryTable(deliveries, actions)}
</section>`;
}

/** The webhooks that were switched off, which nobody notices otherwise. */
function offList(companies: readonly Company[]): string {
  const off = companies.flatMap(({ webhooks }) => webhooks).filter(({ switchedOff }) => switchedOff);
  return off
    .map(({ webhook, failures }) => {
      const where = `<code>${escape(addressOf(webhook.url))}</code>`;
      return `<p class="off">${where} is switched off after ${failures} ${failures === 1 ? "failure" : "failures"}. An event that arrives switches it on.</p>\n`;
    })
    .join("");
}

function deliveryTable(deliveries: readonly Delivery[], actions: string): string {
  if (deliveries.length === 0) return `<p class="empty">None yet. Your app makes a webhook, and something happens.</p>`;
  const rows = deliveries
    .slice(-deliveriesShown)
    .reverse()
    .map((delivery) => deliveryRow(delivery, actions));
  return `<table class="requests deliveries"><thead><tr><th>Event</th><th>Answer</th><th>Tries</th><th>When</th><th></th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table>`;
}

function deliveryRow({ id, event, url, attempts, state, at }: Delivery, actions: string): string {
  const again = `<form method="post" action="${escape(actions)}/deliveries/${id}/again"><button aria-label="Send ${escape(event)} again">Send again</button></form>`;
  const tries = `${attempts.length} ${attempts.length === 1 ? "try" : "tries"}`;
  return `<tr><td><code>${escape(event)}</code> <span class="why">${escape(addressOf(url))}</span></td>
<td class="status ${toneOf(state)}">${escape(answerOf(attempts.at(-1)))} <span class="why">${words[state]}</span></td>
<td class="quiet who">${tries}</td>
<td class="when">${timeOf(at)}</td>
<td class="again">${again}</td></tr>`;
}

const words: Record<Delivery["state"], string> = {
  waiting: "under way",
  delivered: "delivered",
  given_up: "given up",
  dropped: "dropped",
};

function answerOf(attempt: Delivery["attempts"][number] | undefined): string {
  return attempt ? String(attempt.status ?? attempt.reason) : "–";
}

function toneOf(state: Delivery["state"]): string {
  if (state === "delivered") return "good";
  return state === "given_up" ? "broken" : "wrong";
}

/** Without its query, where secrets are. */
function addressOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname}` : "no address";
}
