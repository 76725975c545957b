/** What a company counts the things created over HTTP by. */
export interface Ids {
  /** The id that was given out last. */
  last: number;
}

interface Numbered {
  readonly ids: Ids;
}

/** For something created over HTTP; no other such thing of the company has it. */
export function nextId({ ids }: Numbered): number {
  ids.last += 1;
  return ids.last;
}

/** Above those of the seeded calls. */
export function nextCallId(company: Numbered): number {
  return 9_000_000_000 + nextId(company);
}
