import { randomUUID } from "node:crypto";
import type { AircallClient } from "../client/client";
import { companyKey, type CompanyName } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import { kindOf } from "../config/values";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import { nameOf, type ConnectedCompany } from "./connected-company";

export interface ForEachCompanyOptions {
  /** How many companies are worked on at once. Default 4. */
  concurrency?: number | undefined;
  /** No company is begun once it aborts; what runs is waited for, then its reason rejects. */
  signal?: AbortSignal | undefined;
  /** Told after each company. */
  onProgress?: ((progress: CompaniesProgress) => void) | undefined;
  /**
   * The name of a run that several processes share, such as `report 2026-11-30`: each company is worked on in one of
   * them, once within a day. Without a name every call works on all companies.
   */
  run?: string | undefined;
}

export interface CompaniesProgress {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface CompaniesResult {
  /** How many companies `work` was done for. */
  readonly done: number;
  /** For whom `work` rejected, and with what. */
  readonly failed: readonly { readonly company: ConnectedCompany; readonly error: unknown }[];
  /** Whose grant is suspended or has ended: `work` was not called for them. */
  readonly skipped: readonly ConnectedCompany[];
}

/** Gets a company, and its client, whose requests go behind those that somebody waits for. */
export type CompanyWork = (work: { readonly company: ConnectedCompany; readonly client: AircallClient }) => unknown;

export interface ForEachParts {
  readonly app: string | null;
  readonly store: GrantStore;
  readonly companies: AsyncIterable<ConnectedCompany>;
  readonly clientFor: (company: CompanyName) => AircallClient;
}

const aDayMs = 86_400_000;
const known = ["concurrency", "signal", "onProgress", "run"] as const;

/** Works on every company of an app; one that fails stops nobody. */
export async function forEachCompany(
  { app, store, companies, clientFor }: ForEachParts,
  work: CompanyWork,
  options: ForEachCompanyOptions = {},
): Promise<CompaniesResult> {
  const { concurrency = 4, signal, onProgress, run } = knownOptions(options, "forEachCompany(work, options)", known);
  if (typeof work !== "function") throw new ConfigError(`forEachCompany(work) takes a function; got ${kindOf(work)}.`);
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new ConfigError("forEachCompany(work, { concurrency }) must be a whole number above 0.");
  }
  if (run !== undefined && (typeof run !== "string" || run === "")) {
    throw new ConfigError(`forEachCompany(work, { run }): run must be a text, such as a day's; got ${kindOf(run)}.`);
  }
  const iterator = companies[Symbol.asyncIterator]();
  const owner = randomUUID();
  const failed: { company: ConnectedCompany; error: unknown }[] = [];
  const skipped: ConnectedCompany[] = [];
  let done = 0;
  // A generator answers one question at a time, in their order: no two lanes get the same company.
  const lanes = Array.from({ length: concurrency }, workOn);
  const [broken] = (await Promise.allSettled(lanes)).filter((lane) => lane.status === "rejected");
  await iterator.return?.();
  if (broken) throw broken.reason;
  signal?.throwIfAborted();
  return { done, failed, skipped };

  async function workOn(): Promise<void> {
    while (!signal?.aborted) {
      const next = await iterator.next();
      if (next.done) return;
      if (!(await isOurs(next.value))) continue;
      await workOnOne(next.value);
      onProgress?.({ done, failed: failed.length, skipped: skipped.length });
    }
  }

  async function workOnOne(company: ConnectedCompany): Promise<void> {
    if (company.state !== "active") return void skipped.push(company);
    try {
      await work({ company, client: clientFor(nameOf(company)).withOptions({ lane: "bulk" }) });
      done += 1;
    } catch (error) {
      failed.push({ company, error });
    }
  }

  async function isOurs(company: ConnectedCompany): Promise<boolean> {
    if (run === undefined) return true;
    return (await store.claim(`run:${app}:${run}:${companyKey(nameOf(company))}`, owner, aDayMs)).ours;
  }
}
