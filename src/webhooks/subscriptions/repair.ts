import type { AircallClient } from "../../client/client";
import { ApiError } from "../../errors/errors";
import type { Webhook } from "../../resources/webhooks";
import type { Subscription } from "./records";

/** How long an older version of the app may still ask for events that this one does not. */
const surplusMs = 86_400_000;

/** How a webhook is to be. */
export interface WantedWebhook {
  readonly url: string;
  /** At least one: none would mean all. */
  readonly events: readonly string[];
  /** Unsubscribes at once from events that nobody asks for, not a day after they were first seen. */
  readonly exactly: boolean;
}

export type Outcome = "made" | "changed" | "switchedOn" | "unchanged";

export interface Repaired {
  readonly outcome: Outcome;
  readonly webhook: Webhook;
  readonly surplus: Subscription["surplus"];
}

/** Makes a company's webhook as it is to be, in two requests at most where its id is known. */
export async function repair(
  client: AircallClient,
  kept: Subscription | null,
  { url, events, exactly, now }: WantedWebhook & { readonly now: number },
): Promise<Repaired> {
  const found = await findOurs(client, kept?.webhookId ?? null, url);
  if (!found) return { outcome: "made", webhook: await client.webhooks.create({ url, events }), surplus: {} };
  const surplus = found.events.filter((name) => !events.includes(name));
  const since = surplus.map((name): [string, number] => [name, kept?.surplus[name] ?? now]);
  const staying = since.filter(([, at]) => !exactly && now - at < surplusMs);
  const wanted = [...events, ...staying.map(([name]) => name)];
  const facts = { surplus: Object.fromEntries(staying) };
  if (found.active && isSameAddress(found.url, url) && isSameSet(found.events, wanted)) {
    return { outcome: "unchanged", webhook: found, ...facts };
  }
  const webhook = await client.webhooks.update(found.webhook_id, {
    ...{ events: wanted, url },
    ...(!found.active && { active: true }),
  });
  return { outcome: found.active ? "changed" : "switchedOn", webhook, ...facts };
}

/** Ours is the one whose id was kept, else one with our address. */
export async function findOurs(client: AircallClient, id: string | null, url: string): Promise<Webhook | null> {
  const known = id === null ? null : await unlessMissing(client.webhooks.get(id));
  if (known) return known;
  for await (const webhook of client.webhooks.iterate()) if (isSameAddress(webhook.url, url)) return webhook;
  return null;
}

export async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

function isSameAddress(one: string, other: string): boolean {
  return one === other || (URL.canParse(one) && new URL(one).href === new URL(other).href);
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
