/** A stretch of time, UNIX seconds; a list that is not walked by time has one without bounds. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

/** A query whose pages may be asked for. */
export interface Base {
  readonly span: Span;
  /** Where its first item stands in the window that is read. */
  at: number;
}

/** One request of a walk: a page of a size. */
export interface Stride {
  readonly base: Base;
  readonly page: number;
  readonly size: number;
  /** Where it begins and ends in the window that is read, if nothing changes. */
  readonly start: number;
  readonly end: number;
}

interface Course {
  /** The query that the window began with: pages of any size may be asked of it. */
  readonly whole: Base;
  /** The same from some later moment on. Their pages are of one size. */
  readonly shifted: readonly Base[];
  /** How far the pages reach that were asked for already. */
  readonly end: number;
  readonly size: number;
  /** How many results of one query can be paged through. */
  readonly reach: number;
}

/**
 * The page that reaches furthest, among those that show again what the one before ended with: whatever appeared or
 * vanished between the two answers, nothing can have slipped through there. Null where no page overlaps so.
 */
export function nextStride(course: Course): Stride | null {
  const { whole, shifted, size } = course;
  const overlap = size < 10 ? 1 : 2;
  let best: Stride | null = null;
  const consider = (base: Base, pageSize: number) => {
    const stride = strideFrom(base, pageSize, course.end - overlap);
    if (!stride || stride.end <= course.end || stride.page * pageSize > course.reach) return;
    if (!best || isBetter(stride, best)) best = stride;
  };
  for (const base of shifted) consider(base, size);
  for (let pageSize = size; pageSize > overlap; pageSize--) consider(whole, pageSize);
  return best;
}

function strideFrom(base: Base, size: number, position: number): Stride | null {
  const index = position - base.at;
  if (index < 0) return null;
  const page = Math.floor(index / size) + 1;
  const start = base.at + (page - 1) * size;
  return { base, page, size, start, end: start + size };
}

/** Of two that reach as far, the one whose query begins further back: a record of almost the same second stays in it. */
function isBetter(stride: Stride, best: Stride): boolean {
  return stride.end > best.end || (stride.end === best.end && stride.page > 1 && best.page === 1);
}
