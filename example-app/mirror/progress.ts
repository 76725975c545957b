/** How far the mirror of a company has come. */
export interface MirrorProgress {
  /** `empty` before the first call came, `filling` while the week is walked, `full` when events keep it. */
  readonly state: "empty" | "filling" | "full";
  /** Calls fetched so far. */
  readonly fetched: number;
  /** Calls of the week; null until Aircall has said so. */
  readonly total: number | null;
  /** The mirror has every call from then on, in UNIX seconds; null while it is empty. */
  readonly completeFrom: number | null;
  /** Calls of the week that were left out, for there are more than the mirror holds. */
  readonly dropped: number;
  /** What stands in the way, and since when (UNIX seconds); null where nothing does. */
  readonly trouble: { readonly code: string; readonly since: number } | null;
}

export const emptyProgress: MirrorProgress = {
  state: "empty",
  fetched: 0,
  total: null,
  completeFrom: null,
  dropped: 0,
  trouble: null,
};

/** The same as it is shared, with what only who goes on with the walk needs. */
export interface Filling extends MirrorProgress {
  /** Where the walk goes on. */
  readonly cursor: string | null;
  /** UNIX seconds. */
  readonly begunAt: number;
}

export function readFilling(fields: ReadonlyMap<string, string>): Filling | null {
  const text = fields.get("walk");
  return text === undefined ? null : (JSON.parse(text) as Filling);
}
