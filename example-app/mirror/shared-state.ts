/** What the processes of the board share of each company, by subject: fields with JSON texts. */
export const subjects = ["calls", "agents", "takes", "done", "settings", "filling"] as const;

export type Subject = (typeof subjects)[number];

/** Fields of one subject that were written; null where one was removed. */
export interface Change {
  /** Whose: see `CompanyKey`. */
  readonly company: string;
  readonly subject: Subject;
  readonly fields: Readonly<Record<string, string | null>>;
}

export type Fields = Map<string, string>;

/** The one place that all processes write to: this process, or Redis. */
export interface SharedState {
  /** Everything there is of a company. */
  load(company: string): Promise<Record<Subject, Fields>>;
  /** Writes, or with null removes, and tells all who follow. */
  write(change: Change): Promise<void>;
  /** Writes what nobody has written before. Answers what is there: this, or what somebody else was first with. */
  writeOnce(change: Omit<Change, "fields"> & { field: string; text: string }): Promise<string>;
  /** Forgets a company. */
  forget(company: string): Promise<void>;
  /** For one holder at a time, and for so long; the holder takes it anew. False while another has it. */
  lease(name: string, forMs: number): Promise<boolean>;
  release(name: string): Promise<void>;
  /** Tells of what anybody writes, in order. */
  follow(follower: Follower): void;
  close(): Promise<void>;
}

export interface Follower {
  readonly changed: (change: Change) => void;
  readonly forgotten: (company: string) => void;
  /** Changes may have been missed, until this moment: load again. */
  readonly missed: () => void;
  /** Nothing is heard now. */
  readonly lost: () => void;
}

export function noFields(): Record<Subject, Fields> {
  return Object.fromEntries(subjects.map((subject) => [subject, new Map()])) as Record<Subject, Fields>;
}

/** What the processes share could not be read or written now. */
export class SharedStateError extends Error {
  override readonly name = "SharedStateError";
}
