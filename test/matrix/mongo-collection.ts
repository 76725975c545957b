interface Document {
  readonly _id: string;
  readonly expires?: Date;
  [field: string]: unknown;
}

/** As much of a collection of MongoDB's as connect-mongo asks of it, in memory: no server of theirs runs here. */
export function memoryCollection() {
  const documents = new Map<string, Document>();
  const lives = ({ expires }: Document) => expires === undefined || expires.getTime() > Date.now();

  return {
    createIndex: () => Promise.resolve("expires_1"),
    findOne({ _id }: { _id: string }) {
      const found = documents.get(_id);
      return Promise.resolve(found && lives(found) ? structuredClone(found) : null);
    },
    updateOne({ _id }: { _id: string }, { $set }: { $set: object }, { upsert = false }: { upsert?: boolean }) {
      const before = documents.get(_id);
      if (before || upsert) documents.set(_id, structuredClone({ ...before, ...$set, _id }));
      return Promise.resolve({ matchedCount: before ? 1 : 0, upsertedCount: before || !upsert ? 0 : 1 });
    },
    deleteOne({ _id }: { _id: string }) {
      return Promise.resolve({ deletedCount: documents.delete(_id) ? 1 : 0 });
    },
  };
}
