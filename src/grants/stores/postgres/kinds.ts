import type { KeptRecord, RecordStore } from "../../store";
import { newVersion, once } from "../record";
import type { Postgres, Row } from "./client";
import type { Statements } from "./statements";

/** Records of one kind, exact over all processes. */
export function createPostgresKind(postgres: Postgres, statements: Statements, kind: string): RecordStore {
  return {
    async get(key) {
      const [row] = await postgres.ask("read a record", statements.readRecord, [kind, key]);
      return row ? recordIn(row) : null;
    },
    async put(key, value, { version: expected, lifeMs }) {
      const version = newVersion();
      const values = [kind, key, value, String(version), String(once(lifeMs))];
      const [statement, stands] =
        expected === null ? [statements.addRecord, []] : [statements.replaceRecord, [String(expected)]];
      const { done } = await postgres.write("keep a record", statement, [...values, ...stands]);
      return done === "1" ? version : null;
    },
    async delete(key, version) {
      const values = [kind, key, String(newVersion()), version === undefined ? "" : String(version)];
      return (await postgres.write("delete a record", statements.deleteRecord, values))["done"] === "1";
    },
    async list(cursor, limit) {
      const rows = await postgres.ask("list records", statements.listRecords, [kind, cursor ?? "", String(limit)]);
      const records = rows.map(recordIn);
      return { records, cursor: rows.length < limit ? null : records.at(-1)!.key };
    },
  };
}

function recordIn({ key, value, version }: Row): KeptRecord {
  return { key: String(key), value: String(value), version: Number(version) };
}
