/** Something that is to happen to a company by itself. */
export interface Later {
  /** UNIX milliseconds. */
  readonly at: number;
  readonly happen: () => void;
}

interface Awaiting {
  readonly later: Later[];
}

/** Lets something happen so many seconds from `now`, which is in UNIX milliseconds; at once for 0. */
export function happenIn(
  { later }: Awaiting,
  { seconds, now }: { readonly seconds: number; readonly now: number },
  happen: () => void,
): void {
  if (seconds === 0) return happen();
  later.push({ at: now + seconds * 1000, happen });
}
