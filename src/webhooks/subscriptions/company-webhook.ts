import type { CompanyName } from "../../config/company-id";
import type { AuthForWebhooks } from "../../connections/for-webhooks";
import { tell } from "../../diagnostics";
import { ConfigError } from "../../errors/errors";
import { newestGrant } from "../../grants/for-company";
import type { GrantStore, Lock } from "../../grants/store";
import type { EventCompany } from "../event";
import { clientOf, companyOf, eventCompany, keyOf } from "../event-company";
import type { TokenBook } from "../token-book";
import { createSubscriptions } from "./records";
import { findOurs, type Outcome, repair, unlessMissing } from "./repair";

export interface CompanyWebhookParts {
  readonly auth: AuthForWebhooks;
  readonly store: GrantStore;
  readonly book: Pick<TokenBook, "keep" | "forgetting" | "isShared">;
  readonly url: string;
  /** The events that every webhook subscribes to. */
  readonly events: readonly string[];
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

export interface SubscribeWish {
  /** Subscribes also where `unsubscribe` has noted that none is wanted. */
  readonly again: boolean;
  /** See {@link repair}. */
  readonly exactly: boolean;
}

/** What can be done about the webhook of one company; in all processes, one after the other. */
export interface CompanyWebhook {
  subscribe(company: CompanyName | null, wish: SubscribeWish): Promise<{ outcome: Outcome; company: EventCompany }>;
  /** Removes the webhook at Aircall too; with `remember`, notes that none is wanted, else forgets the company's. */
  unsubscribe(
    company: CompanyName | null,
    wish: { readonly remember: boolean; readonly limitMs: number },
  ): Promise<void>;
  /** Forgets the tokens of a company that has left, and has not come back. Aircall is not asked: it would refuse. */
  forget(company: EventCompany): Promise<void>;
}

/** Less than a lock lasts. */
export const workMs = 25_000;

export function createCompanyWebhook(parts: CompanyWebhookParts): CompanyWebhook {
  const { auth, store, book, url, events, signal, now = Date.now } = parts;
  const { app, keepsGrants } = auth;
  const subscriptions = createSubscriptions(store.records(`webhooks:${app}`));

  function alone<T>({ companyId, companyRef }: EventCompany, work: (lock: Lock) => Promise<T>): Promise<T> {
    const key = keyOf(companyId ?? companyOf({ companyId, companyRef }));
    return store.withLock(`webhook:${app}:${key}`, work);
  }

  function clientWithin(company: EventCompany, lock: Lock, limitMs: number) {
    const time = AbortSignal.timeout(Math.min(limitMs, lock.remainingMs()));
    const client = clientOf(auth, companyOf(company));
    return client.withOptions({ lane: "bulk", signal: AbortSignal.any([signal, time]) });
  }

  async function whoIs(company: CompanyName | null): Promise<EventCompany & { readonly usesOAuth: boolean }> {
    if (!keepsGrants) return { ...eventCompany(null), usesOAuth: false };
    if (company === null) throw new ConfigError(whichCompany);
    const stored = await newestGrant(store, app, company);
    if (!stored) return { ...eventCompany(company), usesOAuth: false };
    const { account, ref, apiId } = stored.grant;
    return { companyId: account.id, companyRef: ref, usesOAuth: apiId === null };
  }

  /** Forgets, after `work`, the tokens that the company had before it; one that was kept meanwhile stays. */
  async function endTokens(company: EventCompany, work: () => Promise<void>): Promise<void> {
    const forget = await book.forgetting(company);
    await work();
    await forget();
  }

  return {
    async subscribe(asked, { again, exactly }) {
      const { usesOAuth, ...company } = await whoIs(asked);
      const wanted = usesOAuth ? [...new Set([...events, "integration.deleted"])] : events;
      if (wanted.length === 0) throw new ConfigError(noEvents);
      return alone(company, async (lock) => {
        const kept = await subscriptions.read(company);
        if (kept?.webhookId === null && !again) return { outcome: "unchanged", company };
        const client = clientWithin(company, lock, workMs);
        const wish = { url, events: wanted, exactly, now: now() };
        const { outcome, webhook, surplus } = await repair(client, kept, wish);
        const { webhook_id: webhookId, token } = webhook;
        const keep = () => book.keep(token, { ...company, webhookId });
        await (kept?.webhookId === webhookId ? keep() : endTokens(company, keep));
        await subscriptions.write(company, { webhookId, surplus });
        if (outcome !== "unchanged") tell("express-aircall:subscription", { outcome });
        return { outcome, company };
      });
    },
    async unsubscribe(asked, { remember, limitMs }) {
      const { usesOAuth: _, ...company } = await whoIs(asked);
      await alone(company, async (lock) => {
        const client = clientWithin(company, lock, limitMs);
        const kept = await subscriptions.read(company);
        const found = await findOurs(client, kept?.webhookId ?? null, url);
        await endTokens(company, async () => {
          if (!found) return;
          if (typeof asked !== "number" && (await book.isShared(found.webhook_id, company))) return;
          await unlessMissing(client.webhooks.remove(found.webhook_id, { confirm: found.webhook_id }));
          tell("express-aircall:subscription", { outcome: "removed" });
        });
        if (remember) await subscriptions.write(company, { webhookId: null, surplus: {} });
        else await subscriptions.forget(company);
      });
    },
    async forget(company) {
      await alone(company, async () => {
        const name = companyOf(company);
        const stored = name === null ? null : await newestGrant(store, app, name);
        if (stored?.grant.state === "active") return;
        await endTokens(company, () => subscriptions.forget(company));
      });
    },
  };
}

const whichCompany =
  "Companies connect to this app: say whose webhook it is, by Aircall's id or by { ref }; null is the one company of an app with its own key.";

const noEvents =
  "on names no event, and a webhook without events would be sent all there are: name what is wanted in aircallWebhooks({ events }).";
