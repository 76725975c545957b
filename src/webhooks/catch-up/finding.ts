import type { CompanyName } from "../../config/company-id";
import type { AuthForWebhooks } from "../../connections/for-webhooks";
import { tell } from "../../diagnostics";
import type { GrantStore } from "../../grants/store";
import { newestGrant } from "../../grants/for-company";
import type { Engine } from "../engine";
import type { EventCompany } from "../event";
import { clientOf, eventCompany } from "../event-company";
import { createAllCompanies } from "../all-companies";
import { createCatchUp, type CaughtUp } from "./catch-up";
import { createMarks, type Marks } from "./marks";
import { listen, poll } from "./rounds";

/** How events come: Aircall sends them, or its lists are looked at again and again. */
export type EventsFrom = "webhook" | "poll";

export interface FindingSettings {
  readonly source: EventsFrom;
  readonly everyMs: number;
  readonly lookBackMs: number;
}

export interface FindingParts extends FindingSettings {
  readonly auth: AuthForWebhooks;
  readonly store: GrantStore;
  readonly engine: Pick<Engine, "take">;
  /** Whether anybody asks for events of this name. */
  readonly names: (name: string) => boolean;
}

/** Finds in Aircall's lists the events that never came. */
export interface Finding {
  readonly marks: Marks;
  catchUp(company: CompanyName | null, since: Date | undefined): Promise<CaughtUp>;
  /** Aborts the walks under way, and waits for nothing. */
  close(): void;
}

/** Companies at a time. */
const concurrency = 4;

export function createFinding(parts: FindingParts): Finding {
  const { auth, store, engine, names, source, everyMs, lookBackMs } = parts;
  const { app, keepsGrants } = auth;
  const end = new AbortController();
  const { signal } = end;
  const marks = createMarks(store.records(`event-marks:${app}`));
  const clientFor = (company: CompanyName | null) => clientOf(auth, company);

  async function identify(company: CompanyName | null): Promise<EventCompany> {
    const stored = company !== null && keepsGrants ? await newestGrant(store, app, company) : null;
    return stored ? { companyId: stored.grant.account.id, companyRef: stored.grant.ref } : eventCompany(company);
  }

  const catchUp = createCatchUp({ names, engine, marks, clientFor, identify, lookBackMs, signal });
  const failed = () => {
    if (!signal.aborted) tell("express-aircall:catch-up-failure", { source });
  };
  const work = (company: CompanyName | null) =>
    catchUp(company, { source: source === "poll" ? "poll" : "caughtUp" }).then(({ found, handled }) =>
      tell("express-aircall:catch-up", { source, found, handled }),
    );
  const onAll = createAllCompanies({ app, store, keepsGrants, concurrency, work, failed });
  if (source === "poll") poll(everyMs, { onAll, failed, signal });
  else listen(store.records(`events-listening:${app}`), { onAll, failed, signal });

  return {
    marks,
    catchUp: (company, since) => catchUp(company, { since, source: "caughtUp" }),
    close: () => end.abort(),
  };
}
