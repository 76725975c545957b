import type { BoardCompany, CompanyKey } from "./company";
import { writeCall } from "./call-text";
import { CompanyData, type DataListener } from "./company-data";
import { createFiller, type FillerOptions } from "./filler";
import type { MirroredCall } from "./mirrored-call";
import { newerCall } from "./newer-call";
import { emptyProgress, readFilling, type MirrorProgress } from "./progress";
import type { Change, SharedState, Subject } from "./shared-state";

/**
 * The last week's calls of each company, so that a page costs no request to Aircall. Filled once by a walk, kept by
 * events, shared by all viewers and, with Redis, by all processes. What is read is in this process already.
 */
export interface Mirror {
  /** Call it before all else: loads what is kept of a company, and begins to fill it where nobody has. Does so once. */
  open(company: BoardCompany): Promise<void>;
  /** Every call of the week, in and out, oldest first. The same list until one changes, so that it can be a cache's key. */
  calls(company: CompanyKey): readonly MirroredCall[];
  call(company: CompanyKey, id: number): MirroredCall | undefined;
  progress(company: CompanyKey): MirrorProgress;
  /** Another number as soon as anything of a company has changed here. */
  revision(company: CompanyKey): number;
  /** What an event or an answer of Aircall says of calls. An older account never replaces a newer one. */
  put(company: CompanyKey, calls: readonly MirroredCall[]): Promise<void>;
  /** Tells of changes, whichever process made them: of `calls`, or another subject that is shared. Answers what ends it. */
  onChange(company: CompanyKey, listener: DataListener): () => void;
  /** Small things that are shared beside the calls, by field, as JSON texts: takes, settings and the like. */
  fields(company: CompanyKey, subject: Exclude<Subject, "calls">): ReadonlyMap<string, string>;
  /** Writes them; null removes one. It is seen here at once, elsewhere a moment later. */
  write(
    company: CompanyKey,
    subject: Exclude<Subject, "calls">,
    fields: Readonly<Record<string, string | null>>,
  ): Promise<void>;
  /** Writes one only where nobody has; answers what is there then. */
  writeOnce(company: CompanyKey, subject: Exclude<Subject, "calls">, field: string, text: string): Promise<string>;
  /** Since when this process hears of no changes, in milliseconds; null while it does. */
  readonly lostSince: number | null;
  /** When anything of a company changed here last, in milliseconds. */
  heardAt(company: CompanyKey): number;
  /** Whether somebody is told of its changes. */
  isWatched(company: CompanyKey): boolean;
  /** Something of this company's failed at Aircall: `progress` says so until it works again. */
  noteTrouble(company: CompanyKey, error: unknown): Promise<void>;
  /** Forgets a company that has left, everywhere. */
  forget(company: CompanyKey): Promise<void>;
  /** Fills nothing any more. Call it before what it is filled from closes, and `close` behind that. */
  stopFilling(): void;
  close(): Promise<void>;
}

export interface MirrorOptions extends FillerOptions {
  readonly state: SharedState;
}

export function createMirror({ state, ...options }: MirrorOptions): Mirror {
  const { now = Date.now } = options;
  const companies = new Map<CompanyKey, CompanyData>();
  let lostSince: number | null = null;

  function dataOf(company: CompanyKey): CompanyData {
    const known = companies.get(company) ?? new CompanyData();
    companies.set(company, known);
    return known;
  }

  /** Until it can be read here. */
  async function write(change: Change): Promise<void> {
    await state.write(change);
    await dataOf(change.company).ready;
  }

  const mirror: Mirror = {
    async open(company) {
      const known = companies.get(company.key);
      await (known?.ready ?? dataOf(company.key).load(state, company.key)).catch((error: unknown) => {
        companies.delete(company.key);
        throw error;
      });
      filler.keep(company);
    },
    calls: (company) => companies.get(company)?.calls ?? [],
    call: (company, id) => companies.get(company)?.call(id),
    revision: (company) => companies.get(company)?.revision ?? 0,
    progress: (company) => readFilling(mirror.fields(company, "filling")) ?? emptyProgress,
    async put(company, calls) {
      const data = dataOf(company);
      const fields: Record<string, string> = {};
      for (const call of calls) {
        const known = data.call(call.id);
        const newer = newerCall(known, call);
        if (newer !== known) fields[call.id] = writeCall(newer);
      }
      if (Object.keys(fields).length > 0) await write({ company, subject: "calls", fields });
    },
    onChange: (company, listener) => dataOf(company).onChange(listener),
    fields: (company, subject) => companies.get(company)?.fields(subject) ?? new Map<string, string>(),
    write: (company, subject, fields) => write({ company, subject, fields }),
    async writeOnce(company, subject, field, text) {
      const there = await state.writeOnce({ company, subject, field, text });
      await dataOf(company).ready;
      return there;
    },
    get lostSince() {
      return lostSince;
    },
    heardAt: (company) => dataOf(company).heardAt,
    isWatched: (company) => dataOf(company).isWatched,
    noteTrouble: (company, error) => filler.noteTrouble(company, error),
    forget: (company) => state.forget(company),
    stopFilling: () => filler.close(),
    async close() {
      filler.close();
      await state.close();
    },
  };

  const filler = createFiller({ mirror, state }, options);
  state.follow({
    changed: (change) => companies.get(change.company)?.hear(change),
    forgotten(company) {
      filler.forget(company);
      companies.delete(company);
    },
    missed() {
      lostSince = null;
      for (const [company, data] of companies) data.load(state, company).catch(() => undefined);
    },
    lost: () => (lostSince ??= now()),
  });
  return mirror;
}
