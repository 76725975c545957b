import { randomBytes } from "node:crypto";
import { companyKey, companyNamed, type CompanyName } from "../../config/company-id";
import { fields } from "../../config/fields";
import type { GrantStore, KeptRecord } from "../../grants/store";
import type { Change } from "./change";

/** A change that listeners are still to be told of: kept beside the grants, so that it survives a crash. */
export type Mark = Change & Whose & Keeping;
export type NewMark = Change & Whose;

interface Whose {
  readonly company: CompanyName;
  readonly companyId: number | null;
  readonly companyRef: string | null;
  /** When the company connected, in epoch milliseconds: tells one connection of it from another. */
  readonly connectedAt: number;
  /** Nothing else of this company's was connected. */
  readonly first: boolean;
}

interface Keeping {
  /** The event's id: the same each time it is told. */
  readonly id: string;
  readonly version: number;
  /** Attempts so far: how often a process had it to tell. */
  readonly tries: number;
  /** Until then it is leased, or waits to be tried again; epoch milliseconds. */
  readonly dueAt: number;
}

/** The marks of one listener. Whoever writes one or takes it has a lease on it, for `leaseMs`. */
export interface Marks {
  add(mark: NewMark): Promise<Mark>;
  /** Compare-and-set: null where another process has taken it, or it is gone. */
  take(mark: Mark): Promise<Mark | null>;
  /** Telling failed: the mark is due again after `waitMs`. */
  postpone(mark: Mark, waitMs: number): Promise<void>;
  drop(mark: Mark): Promise<void>;
  /** Every mark that is due, a page at a time. */
  due(): AsyncGenerator<Mark[], void>;
}

export interface MarksParts {
  readonly store: GrantStore;
  readonly kind: string;
  readonly leaseMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long a mark is kept that nobody takes, because no process runs. */
const lifeMs = 30 * 86_400_000;
const pageSize = 20;

export function createMarks({ store, kind, leaseMs, now }: MarksParts): Marks {
  const records = store.records(kind);

  async function write(
    mark: Mark,
    version: number | null,
    changes: Pick<Mark, "tries" | "dueAt">,
  ): Promise<Mark | null> {
    const written = { ...mark, ...changes };
    const next = await records.put(mark.id, encode(written), { version, lifeMs });
    return next === null ? null : { ...written, version: next };
  }

  return {
    async add(mark) {
      const id = randomBytes(16).toString("base64url");
      const fresh = { tries: 1, dueAt: now() + leaseMs };
      return (await write({ ...mark, ...fresh, id, version: 0 }, null, fresh))!;
    },
    take: (mark) => write(mark, mark.version, { tries: mark.tries + 1, dueAt: now() + leaseMs }),
    async postpone(mark, waitMs) {
      await write(mark, mark.version, { tries: mark.tries, dueAt: now() + waitMs });
    },
    async drop({ id, version }) {
      await records.delete(id, version);
    },
    async *due() {
      let cursor: string | null = null;
      do {
        const page = await records.list(cursor, pageSize);
        yield page.records.map(decode).filter((mark): mark is Mark => mark !== null && mark.dueAt <= now());
        cursor = page.cursor;
      } while (cursor !== null);
    },
  };
}

function encode({ id: _id, version: _version, company, ...told }: Mark): string {
  return JSON.stringify({ ...told, company: companyKey(company) });
}

/** Null for what a later version of this library has written. */
function decode({ key: id, value, version }: KeptRecord): Mark | null {
  const told = fields(parse(value));
  const change = changeIn(told);
  const company = companyNamed(String(told["company"]));
  const { companyId, companyRef, connectedAt, first, tries, dueAt } = told;
  if (!change || company === null) return null;
  return {
    ...change,
    ...{ id, version, company },
    companyId: typeof companyId === "number" ? companyId : null,
    companyRef: typeof companyRef === "string" ? companyRef : null,
    connectedAt: Number(connectedAt),
    first: first === true,
    tries: Number(tries),
    dueAt: Number(dueAt),
  };
}

function changeIn({ act, reason }: Readonly<Record<string, unknown>>): Change | null {
  if (act === "connect" && (reason === "sign_in" || reason === "key" || reason === "recovered")) return { act, reason };
  if (act !== "disconnect") return null;
  return reason === "disconnected" || reason === "suspended" || reason === "ended" ? { act, reason } : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
