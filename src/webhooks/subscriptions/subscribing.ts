import { createHash } from "node:crypto";
import type { CompanyName } from "../../config/company-id";
import type { Listen } from "../../connections/company-listener";
import { tell } from "../../diagnostics";
import { ConfigError } from "../../errors/errors";
import { propertyOf } from "../../errors/property";
import { createAllCompanies } from "../all-companies";
import { repeat } from "../repeat";
import type { EventCompany } from "../event";
import { companyOf, eventCompany } from "../event-company";
import { isReachable } from "./reachable";
import { createCompanyWebhook, type CompanyWebhookParts, type SubscribeWish, workMs } from "./company-webhook";
import type { SubscribingSettings } from "./settings";

/** The result of a check of webhooks. */
export interface CheckedWebhooks {
  /** Companies that were looked at. */
  readonly checked: number;
  /** Webhooks that were missing, and were made. */
  readonly made: number;
  /** Webhooks whose events or address were wrong, and were put right. */
  readonly changed: number;
  /** Webhooks that Aircall had switched off, and that are on again; what did not come meanwhile is caught up. */
  readonly switchedOn: number;
  /**
   * Whether the receiver answers at `url`, asked from this process within 5 seconds. Where it is false, Aircall does not
   * reach it either, unless your network keeps you from your own address.
   */
  readonly reachable: boolean;
  /** Companies for which the check failed, and with what. */
  readonly failed: readonly (EventCompany & { readonly error: unknown })[];
}

export interface SubscribingParts extends Omit<CompanyWebhookParts, "url" | "events" | "signal"> {
  readonly settings: SubscribingSettings;
  readonly listen: Listen | null;
  readonly catchUp: (company: CompanyName | null) => Promise<unknown>;
  readonly warn?: (message: string) => void;
}

/** Makes webhooks, keeps them as they are to be, and removes them. */
export interface Subscribing {
  subscribe(company: CompanyName | null): Promise<void>;
  unsubscribe(company: CompanyName | null): Promise<void>;
  /** Checks the webhooks of all companies where none is named. */
  check(company?: CompanyName | null): Promise<CheckedWebhooks>;
  close(): Promise<void>;
}

const everyMs = 15 * 60_000;
/** Companies at a time. */
const concurrency = 4;
const disconnectMs = 4_500;

export function createSubscribing(parts: SubscribingParts): Subscribing {
  const { auth, store, settings, listen, catchUp, warn = emitWarning } = parts;
  const { url, events } = settings;
  if (url === null) return noSubscribing;
  const end = new AbortController();
  const { signal } = end;
  const webhook = createCompanyWebhook({ ...parts, url, events, signal });
  let warned = false;

  function failed(error: unknown): void {
    if (signal.aborted) return;
    tell("express-aircall:subscription-failure", { code: codeOf(error) });
    if (!warned) warn(`express-aircall: a company's webhook could not be looked after (${codeOf(error)}). ${toSeeWhy}`);
    warned = true;
  }

  async function look(company: CompanyName | null, { exactly }: Pick<SubscribeWish, "exactly">) {
    const { outcome, company: whose } = await webhook.subscribe(company, { again: false, exactly });
    if (outcome === "switchedOn") await catchUp(companyOf(whose));
    return outcome;
  }

  function onAll(work: (company: CompanyName | null) => Promise<unknown>) {
    const { app, keepsGrants } = auth;
    return createAllCompanies({ app, store, keepsGrants, concurrency, work, failed });
  }

  async function subscribe(company: CompanyName | null): Promise<void> {
    const { outcome, company: whose } = await webhook.subscribe(company, { again: true, exactly: false });
    // Nobody waits for the catch-up: it may take longer than whoever connects waits.
    if (outcome === "switchedOn") catchUp(companyOf(whose)).catch(failed);
  }

  const round = { name: `webhooks ${fingerprint(url, events)}`, lastsMs: 0.9 * everyMs };
  const leave = settings.byItself && listen ? startListening(listen) : null;

  function startListening(listen: Listen): () => Promise<void> {
    const stop = listen({
      name: "webhooks",
      connected: ({ company }) => subscribe(company),
      disconnected: ({ companyId, companyRef, reason }) =>
        reason === "disconnected" ? webhook.forget({ companyId, companyRef }) : undefined,
      failed,
    });
    const limits = { remember: false, limitMs: disconnectMs };
    const stay = auth.beforeDisconnect((company) => webhook.unsubscribe(company, limits).catch(failed));
    const all = onAll((company) => look(company, { exactly: false }));
    repeat(everyMs, signal, () => all(round, signal).catch(failed));
    return async () => (stay(), stop());
  }

  return {
    subscribe,
    unsubscribe: (company) => webhook.unsubscribe(company, { remember: true, limitMs: workMs }),
    async check(company) {
      const counts = { checked: 0, made: 0, changed: 0, switchedOn: 0, unchanged: 0 };
      const refused: CheckedWebhooks["failed"][number][] = [];
      const work = async (one: CompanyName | null) => {
        counts.checked += 1;
        try {
          counts[await look(one, { exactly: true })] += 1;
        } catch (error) {
          refused.push({ ...eventCompany(one), error });
        }
      };
      const looked = company === undefined ? onAll(work)(null, signal) : work(company);
      const [reachable] = await Promise.all([isReachable(url, signal), looked]);
      const { unchanged: _, ...others } = counts;
      return { ...others, reachable, failed: refused };
    },
    async close() {
      end.abort();
      await leave?.();
    },
  };
}

const noSubscribing: Subscribing = {
  subscribe: () => refuse("subscribe"),
  unsubscribe: () => refuse("unsubscribe"),
  check: () => refuse("check"),
  close: () => Promise.resolve(),
};

function refuse(method: string): Promise<never> {
  const needs = "needs to know where Aircall reaches this app: aircallWebhooks({ url }).";
  return Promise.reject(new ConfigError(`events.${method}() ${needs}`));
}

/** In the name of a round: a version of the app with other events checks at once, whenever the old one has. */
function fingerprint(url: string, events: readonly string[]): string {
  return createHash("sha256")
    .update([url, ...[...events].sort()].join(" "))
    .digest("base64url")
    .slice(0, 16);
}

function codeOf(error: unknown): string {
  const code = propertyOf(error, "code");
  return typeof code === "string" ? code : "unknown";
}

const toSeeWhy = "await events.check() says of whom, and why.";

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_WEBHOOKS" });
}
