import { givenByGrant, type GrantText } from "../../encryption";
import { isGrantId, type Grant } from "../../grant";
import type { Postgres, Row } from "./client";
import type { Statements } from "./statements";
import { contextOf, newMark } from "../record";

/** Grants as rows of Postgres. */
export interface PostgresRecords {
  find(id: string, link?: string): Promise<Grant | null>;
  /** Of these ids, in their order. */
  findMany(ids: readonly string[]): Promise<(Grant | null)[]>;
  /** What is to be kept for this grant, at its version. */
  valuesOf(
    id: string,
    grant: Grant,
  ): [app: string, ...company: [key: string, ref: string], record: string, mark: string];
  /** Writes with today's key what is kept with another: that can be taken away once every living grant was prolonged. */
  sealAnew(id: string, row: Row): Promise<void>;
}

export interface PostgresRecordsParts {
  readonly postgres: Postgres;
  readonly statements: Statements;
  readonly text: GrantText;
}

export function createPostgresRecords({ postgres, statements, text }: PostgresRecordsParts): PostgresRecords {
  function decode(id: string, { version, mark, record }: Row): Grant | null {
    const grant = typeof record === "string" ? text.decode(record, contextOf(id, String(mark))) : null;
    return grant?.version === Number(version) ? grant : null;
  }

  async function find(id: string, link?: string): Promise<Grant | null> {
    if (!isGrantId(id)) return null;
    const [row] =
      link === undefined
        ? await postgres.ask("read a grant", statements.read, [id])
        : await postgres.ask("read a grant", statements.readByLink, [id, link]);
    return row ? decode(id, row) : null;
  }

  async function findMany(ids: readonly string[]): Promise<(Grant | null)[]> {
    const rows = await postgres.ask("read grants", statements.readMany, [ids.filter(isGrantId).join(" ")]);
    const found = new Map(rows.map((row) => [String(row["id"]), row]));
    return ids.map((id) => {
      const row = found.get(id);
      return row ? decode(id, row) : null;
    });
  }

  function valuesOf(id: string, grant: Grant): ReturnType<PostgresRecords["valuesOf"]> {
    const mark = newMark();
    const [listed = "", also = ""] = givenByGrant(grant).map(({ company }) => company);
    return [appOf(grant.app), listed, also, text.encode(grant, contextOf(id, mark)), mark];
  }

  async function sealAnew(id: string, row: Row): Promise<void> {
    const [grant, mark] = [decode(id, row), String(row["mark"])];
    if (!grant || text.isCurrent(String(row["record"]), contextOf(id, mark))) return;
    const [, , , record, nextMark] = valuesOf(id, grant);
    await postgres.write("seal a grant anew", statements.rewrite, [id, mark, record, nextMark]);
  }

  return { find, findMany, valuesOf, sealAnew };
}

/** Grants that were kept before grants knew their app have none. */
export function appOf(app: string | null): string {
  return app ?? "";
}
