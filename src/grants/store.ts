import type { CompanyName } from "../config/company-id";
import type { Grant, NewGrant } from "./grant";

/** What a doubled callback learns of the one that came first: plain JSON, at most a few hundred bytes. */
export type ClaimOutcome = { readonly grantId: string } | { readonly error: string };

/** What came of claiming a key. */
export interface Claim {
  readonly ours: boolean;
  /** How long ago its holder claimed it. */
  readonly ageMs: number;
}

/**
 * Where grants live. Four come with the library; an app may bring its own, which must keep the same promises.
 * Every method rejects with a StoreError when the store failed or took longer than two seconds, may be sent twice in
 * place of once, and writes nothing any more once it was given up: what it has written all the same of a grant, a link or
 * a claim that is new is taken back, a little later. So who tries again takes another link or owner. Lives are in
 * milliseconds.
 */
export interface GrantStore {
  /** Whether nobody who reads what it keeps can read a token: sealed, or in this process only. API keys need it. */
  readonly seals?: boolean | undefined;
  /** The longest that this store keeps anything unread, where it has such a bound. */
  readonly longestLifeMs?: number | undefined;
  /**
   * Finds out whether the store may do all that it needs: asked before the first person is sent to Aircall, until it
   * succeeds. Rejects with a ConfigError that names what is missing, or with a StoreError.
   */
  check?: (() => Promise<void>) | undefined;
  /**
   * Null when there is no such grant, it has expired, or what is stored is not one; with `link`, also when that link
   * does not lead to it any more. Reading prolongs nothing.
   */
  get(id: string, link?: string): Promise<Grant | null>;
  /**
   * Several at once, in the order of their ids, where that costs less than one after the other; null as in `get`. Lists
   * ask for up to some thousands.
   */
  getMany?: ((ids: readonly string[]) => Promise<(Grant | null)[]>) | undefined;
  /** Keeps a new grant, and a link to it, for twice `lifeMs`, and answers its id: 24 random bytes, base64url. */
  create(grant: NewGrant, lifeMs: number, link?: string): Promise<string>;
  /** Compare and set: writes `grant` with version `expectedVersion + 1`. False when the record is absent or newer. */
  replace(id: string, expectedVersion: number, grant: NewGrant): Promise<boolean>;
  /**
   * Lets the grant live for twice `lifeMs` from now, and the link with it; shortens neither. False when the grant or the
   * link has ended: then nothing was done.
   */
  prolong(id: string, lifeMs: number, link?: string): Promise<boolean>;
  /** Resolves when no later `get` or `replace` can see the record. */
  delete(id: string): Promise<void>;
  /**
   * Makes one more link to a grant, for twice `lifeMs`. False when there is no such grant, or when `former` is given and
   * that link does not lead to it any more.
   */
  link(id: string, link: string, lifeMs: number, former?: string): Promise<boolean>;
  /** Resolves when no later `get` finds the grant by this link. The grant stays. */
  unlink(id: string, link: string): Promise<void>;
  /** The ids of the grants that a company gave to an app. A grant with an id and a `ref` is found by either. */
  idsOf(app: string | null, company: CompanyName): Promise<string[]>;
  /**
   * The companies that gave grants to an app, each once, under Aircall's id where that is known, with the ids of their
   * grants: up to `limit` of them behind `cursor`, in an order that stays. One that connects or leaves meanwhile may be
   * among them or not. A company whose grants have ended is not; one whose grant is dead or suspended is.
   */
  companies(app: string | null, cursor: string | null, limit: number): Promise<CompaniesPage>;
  /**
   * Ours for exactly one owner per key until `ttlMs` have passed. A key that begins with a grant's id and a colon lies
   * where that grant does.
   */
  claim(key: string, owner: string, ttlMs: number): Promise<Claim>;
  /** Ours for `ttlMs` from now, if it still is; else false. */
  renewClaim(key: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Leaves the claim's outcome for those who lost it. */
  settle(key: string, outcome: ClaimOutcome, keepMs: number): Promise<void>;
  outcome(key: string): Promise<ClaimOutcome | null>;
  /** Runs `work` while nobody else runs any under this name: a grant's id, or another text. */
  withLock<T>(name: string, work: (lock: Lock) => Promise<T>): Promise<T>;
  /** Small records of one kind, beside the grants: what is still to be done, whose a token is, how far one has come. */
  records(kind: string): RecordStore;
}

/** A key is a text of one character or more, a value at most a few kilobytes. Neither is sealed. */
export interface RecordStore {
  /** Null when there is no such record, or its life has ended. */
  get(key: string): Promise<KeptRecord | null>;
  /**
   * Compare and set: writes the value for `lifeMs` from now, in place of this version, or with null where there is
   * none. Answers the new version, and null where another one stands there or none.
   */
  put(key: string, value: string, expected: ExpectedRecord): Promise<number | null>;
  /** Whatever the version is, or that one only. False where there is none. */
  delete(key: string, version?: number): Promise<boolean>;
  /**
   * Up to `limit` of them behind `cursor`, in an order that stays, each once. One that comes or goes meanwhile may be
   * among them or not; a page may be empty and yet not the last.
   */
  list(cursor: string | null, limit: number): Promise<RecordsPage>;
}

/** On which version a record is written, null for a new one, and for how many milliseconds it is kept. */
export interface ExpectedRecord {
  readonly version: number | null;
  readonly lifeMs: number;
}

/** A record as a store keeps it. */
export interface KeptRecord {
  readonly key: string;
  readonly value: string;
  /** Another one with every write, also where the record was deleted in between. */
  readonly version: number;
}

/** Records of one kind, a page at a time. */
export interface RecordsPage {
  readonly records: readonly KeptRecord[];
  /** Where the next page begins; null when there is none. */
  readonly cursor: string | null;
}

/** Companies of an app, a page at a time. */
export interface CompaniesPage {
  readonly companies: readonly { readonly company: CompanyName; readonly ids: readonly string[] }[];
  /** Where the next page begins; null when there is none. */
  readonly cursor: string | null;
}

/** What who holds a lock is given. */
export interface Lock {
  /** How long this lock is still ours, by the monotonic clock; Infinity where it cannot expire. */
  remainingMs(): number;
}
