/** One of the known words, or a new one: Aircall adds values without notice. */
export type Open<Known extends string> = Known | (string & {});

/** An entity inside another one: what is included beside `id` varies by endpoint. */
export type Abridged<Entity extends { id: number }> = Pick<Entity, "id"> & Partial<Omit<Entity, "id">>;

/** All fields optional; `undefined` counts as left out. */
export type Some<T> = { [Name in keyof T]?: T[Name] | undefined };

/** What every list accepts. */
export interface PageQuery {
  /** The first page is 1. */
  page?: number | undefined;
  /** 1 to 50, more counts as 50; 20 by default. */
  per_page?: number | undefined;
}

/** What most lists accept. */
export interface OrderedQuery extends PageQuery {
  /** By creation date; oldest first by default. */
  order?: "asc" | "desc" | undefined;
}

/** What every list by creation date accepts. */
export interface ListQuery extends OrderedQuery {
  /** Created at this moment or later: a Date, or UNIX seconds. */
  from?: Date | number | undefined;
  /** Created at this moment or earlier: a Date, or UNIX seconds. */
  to?: Date | number | undefined;
}
