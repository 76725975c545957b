import type { Grant } from "./grant";

const readAgainAfterMs = 10_000;

export interface GrantReadingParts {
  readonly find: () => Promise<Grant | null>;
  /** Another app's grant is none; null where the app is not known. */
  readonly app: string | null;
  readonly onRead: (grant: Grant) => void;
  readonly now: () => number;
}

/** A grant as it was last read, for one request or one job. */
export class GrantReading {
  readonly #parts: GrantReadingParts;
  #reading: Promise<Grant | null> | undefined;
  #readAt = 0;

  constructor(parts: GrantReadingParts) {
    this.#parts = parts;
  }

  /** A request reads once; a job that lives longer notices a logout. */
  current(): Promise<Grant | null> {
    if (this.#reading && this.#parts.now() - this.#readAt < readAgainAfterMs) return this.#reading;
    return this.again();
  }

  again(): Promise<Grant | null> {
    const { find, app, onRead } = this.#parts;
    const started = find().then((grant) => (grant && isOf(app, grant) ? grant : null));
    started.then(
      (grant) => grant && onRead(grant),
      () => (this.#reading = undefined),
    );
    return this.remember(started);
  }

  /** Takes as read what has been found out otherwise. */
  remember(grant: Promise<Grant | null>): Promise<Grant | null> {
    this.#readAt = this.#parts.now();
    return (this.#reading = grant);
  }
}

/** Grants that were kept before they knew their app belong to whoever holds them. */
function isOf(app: string | null, grant: Grant): boolean {
  return app === null || grant.app === null || grant.app === app;
}
