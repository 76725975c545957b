import type { Company } from "./company";

/** For something created over HTTP; no other such thing of the company has it. */
export function nextId({ ids }: Pick<Company, "ids">): number {
  ids.last += 1;
  return ids.last;
}

/** Above those of the seeded calls. */
export function nextCallId(company: Pick<Company, "ids">): number {
  return 9_000_000_000 + nextId(company);
}
