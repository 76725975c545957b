import { randomUUID } from "node:crypto";
import type { AircallClient } from "../client/client";
import { companyKey, isName, type CompanyName } from "../config/company-id";
import { knownOptions } from "../config/own-options";
import { kindOf } from "../config/values";
import { ConfigError } from "../errors/errors";
import type { GrantStore } from "../grants/store";
import { isSignal } from "../http/options";
import { nameOf, type ConnectedCompany } from "./connected-company";
import { throwIfAborted } from "../time/signal";

/** Options of `forEachCompany()`. */
export interface ForEachCompanyOptions {
  /** How many companies are worked on at once: 1 to 1,000. Default 4. */
  concurrency?: number | undefined;
  /** No company is begun once it aborts; what runs is waited for, then its reason rejects. */
  signal?: AbortSignal | undefined;
  /**
   * Told after each company, and waited for. Where it throws, no further company is begun; what runs is waited for, then
   * its error rejects.
   */
  onProgress?: ((progress: CompaniesProgress) => unknown) | undefined;
  /**
   * The name of a run that several processes share, such as `report 2026-11-30`, of up to 200 characters: each company is
   * worked on in one of them, once within a day. Without a name every call works on all companies.
   */
  run?: string | undefined;
}

/** How many companies a `forEachCompany()` has been through: counts so far. */
export interface CompaniesProgress {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What came of a `forEachCompany()`; companies are in the order in which their work ended. */
export interface CompaniesResult {
  /** How many companies `work` was done for. */
  readonly done: number;
  /** For whom `work` rejected, and with what. */
  readonly failed: readonly { readonly company: ConnectedCompany; readonly error: unknown }[];
  /** Whose grant is suspended or has ended: `work` was not called for them. */
  readonly skipped: readonly ConnectedCompany[];
}

/** Gets a company, and its client, whose requests go in the lane `bulk`. */
export type CompanyWork = (work: { readonly company: ConnectedCompany; readonly client: AircallClient }) => unknown;

export interface ForEachParts {
  readonly app: string | null;
  readonly store: GrantStore;
  readonly companies: AsyncIterable<ConnectedCompany>;
  readonly clientFor: (company: CompanyName) => AircallClient;
}

const aDayMs = 86_400_000;
const mostAtOnce = 1_000;

/** Works on every company of an app; one that fails stops nobody. */
export async function forEachCompany(
  { app, store, companies, clientFor }: ForEachParts,
  work: CompanyWork,
  options: ForEachCompanyOptions = {},
): Promise<CompaniesResult> {
  if (typeof work !== "function") throw new ConfigError(`forEachCompany(work) takes a function; got ${kindOf(work)}.`);
  const { concurrency, signal, onProgress, run } = checked(options);
  const iterator = companies[Symbol.asyncIterator]();
  const owner = randomUUID();
  const failed: { company: ConnectedCompany; error: unknown }[] = [];
  const skipped: ConnectedCompany[] = [];
  let done = 0;
  let stopped = false;
  // A generator answers one question at a time, in their order: no two lanes get the same company.
  const lanes = Array.from({ length: concurrency }, workOn);
  const [broken] = (await Promise.allSettled(lanes)).filter((lane) => lane.status === "rejected");
  await iterator.return?.();
  if (broken) throw broken.reason;
  throwIfAborted(signal);
  return { done, failed, skipped };

  async function workOn(): Promise<void> {
    try {
      while (goesOn()) {
        const next = await iterator.next();
        if (next.done) return;
        if (!goesOn() || !(await isOurs(next.value))) continue;
        await workOnOne(next.value);
        await onProgress?.({ done, failed: failed.length, skipped: skipped.length });
      }
    } catch (error) {
      stopped = true;
      throw error;
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

  /** Claims a company for this process; one that was claimed too late is left to the next call of this run. */
  async function isOurs(company: ConnectedCompany): Promise<boolean> {
    if (run === undefined) return true;
    const key = `run:${app}:${encodeURIComponent(run)}:${companyKey(nameOf(company))}`;
    const { ours } = await store.claim(key, owner, aDayMs);
    if (!ours || goesOn()) return ours;
    await store.renewClaim(key, owner, 1);
    return false;
  }

  function goesOn(): boolean {
    return !stopped && !signal?.aborted;
  }
}

/** @throws {ConfigError} an option is none, or its value impossible. */
function checked(options: ForEachCompanyOptions) {
  const known = ["concurrency", "signal", "onProgress", "run"] as const;
  const own = knownOptions(options, "forEachCompany(work, options)", known);
  const { concurrency = 4, signal, onProgress, run } = own;
  const wrong = (what: string) => new ConfigError(`forEachCompany(work, options): ${what}.`);
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > mostAtOnce) {
    throw wrong(`concurrency must be a whole number from 1 to ${mostAtOnce}`);
  }
  if (signal !== undefined && !isSignal(signal)) throw wrong(`signal must be an AbortSignal; got ${kindOf(signal)}`);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw wrong(`onProgress must be a function; got ${kindOf(onProgress)}`);
  }
  if (run !== undefined && !isName(run)) {
    throw wrong(`run must be a text of 1 to 200 characters, such as a day's; got ${kindOf(run)}`);
  }
  return { concurrency, signal, onProgress, run };
}
