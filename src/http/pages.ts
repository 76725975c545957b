/** Where a page stands in its list, as Aircall tells it. */
export interface PaginationMeta {
  /** Items on this page. */
  readonly count: number;
  /** Items matching the query. */
  readonly total: number;
  readonly current_page: number;
  readonly per_page: number;
  readonly next_page_link: string | null;
  readonly previous_page_link: string | null;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  readonly meta: PaginationMeta;
  readonly hasNext: boolean;
  /** The page after this one; null on the last. */
  next(): Promise<Page<T> | null>;
}
