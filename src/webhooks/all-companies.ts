import { randomUUID } from "node:crypto";
import type { CompanyName } from "../config/company-id";
import { listCompanies, nameOf } from "../companies/connected-company";
import type { GrantStore } from "../grants/store";
import { apartFromRequest } from "../time/store-time";
import { keyOf } from "./event-company";

export interface AllCompaniesParts {
  readonly app: string | null;
  readonly store: GrantStore;
  /** False: the app has one company, of its own. */
  readonly keepsGrants: boolean;
  readonly concurrency: number;
  readonly work: (company: CompanyName | null) => Promise<unknown>;
  /** Hears of a company for which `work` failed; the others go on. */
  readonly failed: (error: unknown) => void;
}

/** Names one round of work. */
export interface Round {
  /** The same in every process: each company is worked on in one of them. */
  readonly name: string;
  readonly lastsMs: number;
}

/**
 * Works on every company that is connected, each in one of the processes that share the store; without a round, in this
 * one.
 */
export function createAllCompanies(
  parts: AllCompaniesParts,
): (round: Round | null, signal: AbortSignal) => Promise<void> {
  const { app, store, keepsGrants, concurrency, work, failed } = parts;
  const owner = randomUUID();

  async function* companies(): AsyncGenerator<CompanyName | null, void> {
    if (!keepsGrants) return void (yield null);
    for await (const company of listCompanies(store, app)) if (company.state === "active") yield nameOf(company);
  }

  return async function onAll(round, signal) {
    const list = companies();
    const isOurs = async (company: CompanyName | null) => {
      if (!round) return true;
      const key = `${round.name}:${app}:${keyOf(company)}`;
      return (await apartFromRequest(() => store.claim(key, owner, round.lastsMs))).ours;
    };
    const lane = async () => {
      for (;;) {
        const next = await list.next();
        if (next.done || signal.aborted) return;
        if (await isOurs(next.value)) await work(next.value).catch(failed);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
  };
}
