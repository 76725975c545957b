/** One of the known words, or a new one: Aircall adds values without notice. */
export type Open<Known extends string> = Known | (string & {});

/** An entity inside another one: what is included beside `id` varies. */
export type Abridged<Entity extends { id: number }> = Pick<Entity, "id"> & Partial<Omit<Entity, "id">>;
