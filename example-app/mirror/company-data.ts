import { createCallReader } from "./call-text";
import type { MirroredCall } from "./mirrored-call";
import { noFields, type Change, type Fields, type SharedState, type Subject } from "./shared-state";

export type DataListener = (subject: Subject) => void;

/** What this process knows of one company: a copy of what is shared, kept current by those who write. */
export class CompanyData {
  #fields: Record<Subject, Fields> = noFields();
  #calls = new Map<number, MirroredCall>();
  #sorted: readonly MirroredCall[] | null = null;
  #read = createCallReader();
  readonly #listeners = new Set<DataListener>();
  /** Grows with every change. */
  revision = 0;
  /** Milliseconds. */
  heardAt = Date.now();
  /** Settles when all that was heard of so far is in here. */
  ready: Promise<void> = Promise.resolve();

  /** Oldest first; the same list until a call changes. */
  get calls(): readonly MirroredCall[] {
    this.#sorted ??= [...this.#calls.values()].sort((a, b) => a.startedAt - b.startedAt || a.id - b.id);
    return this.#sorted;
  }

  call(id: number): MirroredCall | undefined {
    return this.#calls.get(id);
  }

  fields(subject: Exclude<Subject, "calls">): ReadonlyMap<string, string> {
    return this.#fields[subject];
  }

  /** Puts what is shared in the place of what was known. */
  load(state: SharedState, company: string): Promise<void> {
    const loaded = this.ready.catch(() => undefined).then(() => state.load(company));
    this.ready = loaded.then(({ calls, ...others }) => {
      this.#read = createCallReader();
      this.#calls = new Map([...calls].map(([id, text]) => [Number(id), this.#read(text)]));
      this.#sorted = null;
      this.#fields = { ...others, calls: new Map() };
      this.#tell("calls");
    });
    return this.ready;
  }

  /** What comes while loading waits for it, so that the older does not replace the newer. */
  hear(change: Change): void {
    this.ready = this.ready.catch(() => undefined).then(() => this.apply(change));
  }

  apply({ subject, fields }: Change): void {
    for (const [field, text] of Object.entries(fields)) {
      if (subject === "calls") this.#putCall(Number(field), text);
      else if (text === null) this.#fields[subject].delete(field);
      else this.#fields[subject].set(field, text);
    }
    this.#tell(subject);
  }

  onChange(listener: DataListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #putCall(id: number, text: string | null): void {
    if (text === null) this.#calls.delete(id);
    else this.#calls.set(id, this.#read(text));
    this.#sorted = null;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  #tell(subject: Subject): void {
    this.revision += 1;
    this.heardAt = Date.now();
    for (const listener of this.#listeners) listener(subject);
  }
}
