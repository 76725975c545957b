import { fields } from "../../config/fields";
import type { RecordStore } from "../../grants/store";
import type { EventCompany } from "../event";
import { companyOf, keyOf } from "../event-company";

const keptMs = 365 * 86_400_000;

/** What is remembered of a company's webhook, beside its token's hash. */
export interface Subscription {
  /** Null where the app wants none. */
  readonly webhookId: string | null;
  /** Events that it has and nobody asks for, and since when that is known, in epoch milliseconds. */
  readonly surplus: Readonly<Record<string, number>>;
}

export interface Subscriptions {
  read(company: EventCompany): Promise<Subscription | null>;
  /** Within the company's lock only. */
  write(company: EventCompany, subscription: Subscription): Promise<void>;
  forget(company: EventCompany): Promise<void>;
}

export function createSubscriptions(records: RecordStore): Subscriptions {
  return {
    async read(company) {
      const kept = await records.get(keyOf(companyOf(company)));
      return kept && readSubscription(kept.value);
    },
    async write(company, subscription) {
      const key = keyOf(companyOf(company));
      const version = (await records.get(key))?.version ?? null;
      await records.put(key, JSON.stringify(subscription), { version, lifeMs: keptMs });
    },
    async forget(company) {
      await records.delete(keyOf(companyOf(company)));
    },
  };
}

function readSubscription(value: string): Subscription | null {
  const { webhookId, surplus } = fields(parsed(value));
  if (webhookId !== null && typeof webhookId !== "string") return null;
  const since = Object.entries(fields(surplus)).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return { webhookId, surplus: Object.fromEntries(since) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
