import { companyKey, companyNamed } from "../../../config/company-id";
import { knownOptions } from "../../../config/own-options";
import { flag } from "../../../config/values";
import { createGrantText, type SealingOptions } from "../../encryption";
import { isGrantId, newGrantId } from "../../grant";
import type { CompaniesPage, GrantStore } from "../../store";
import { createLeaseLock } from "../lease-lock";
import { checkTables } from "./check";
import { createPostgres, type Postgres, type PostgresClient, type Row } from "./client";
import { createPostgresClaims, createPostgresTaking } from "./leases";
import { createPostgresKind } from "./kinds";
import { migrate as migrateTables } from "./migration";
import { appOf, createPostgresRecords } from "./records";
import { createStatements, sweptAtOnce, type Statements } from "./statements";
import { createSweeping } from "./sweep";
import { readTables, type PostgresPlace } from "./tables";
import { longestLifeMs, twice } from "../record";

/** Options of `postgresGrants()`. */
export interface PostgresGrantsOptions extends SealingOptions, PostgresPlace {
  /** Makes the tables before the first use, where they are missing. Default false: run the migration by hand. */
  migrate?: boolean | undefined;
}

/**
 * Keeps grants in PostgreSQL, exact over all processes that share it. Takes the app's own pool of `pg` 8, or anything
 * with such a `query`; it is never configured or ended. Every operation is one statement outside any transaction, and
 * no connection is held while a lock is: a pool of one will do, and pgbouncer in transaction mode.
 * @throws {ConfigError} this is no such client, a name or a key is none, or an option is misspelt.
 */
export function postgresGrants(db: PostgresClient, options: PostgresGrantsOptions = {}): GrantStore {
  const known = ["schema", "prefix", "migrate", "encryptionKeys", "acceptUnsealed"] as const;
  const { schema, prefix, migrate = false, ...sealing } = knownOptions(options, "postgresGrants(db, options)", known);
  flag({ value: migrate, name: "migrate", fromText: false });
  const tables = readTables({ schema, prefix });
  const sql = createStatements(tables);
  const postgres = sweeping(
    createPostgres(db, { prepare: migrate ? () => migrateTables(db, tables) : undefined }),
    sql,
  );
  const text = createGrantText(sealing);
  const records = createPostgresRecords({ postgres, statements: sql, text });

  async function remove(id: string): Promise<void> {
    if (isGrantId(id)) await postgres.ask("delete a grant", sql.remove, [id]);
  }

  async function unlink(id: string, link: string): Promise<void> {
    if (isGrantId(id)) await postgres.ask("end a session's link", sql.unlink, [id, link]);
  }

  return {
    seals: text.seals,
    longestLifeMs,
    check: () => checkTables(tables, (statement, values) => postgres.ask("look for the tables", statement, values)),
    get: (id, link) => records.find(id, link),
    getMany: (ids) => records.findMany(ids),
    async create(grant, lifeMs, link) {
      const id = newGrantId();
      const values = [id, ...records.valuesOf(id, { ...grant, version: 1 }), String(twice(lifeMs))];
      const [statement, links] = link === undefined ? [sql.create, []] : [sql.createWithLink, [link]];
      await postgres.write("keep a grant", statement, [...values, ...links], () => remove(id));
      return id;
    },
    async replace(id, expectedVersion, grant) {
      if (!isGrantId(id)) return false;
      const kept = records.valuesOf(id, { ...grant, version: expectedVersion + 1 });
      return isDone(await postgres.write("keep a grant", sql.replace, [id, String(expectedVersion), ...kept]));
    },
    async prolong(id, lifeMs, link) {
      if (!isGrantId(id)) return false;
      const [statement, links] = link === undefined ? [sql.prolong, []] : [sql.prolongWithLink, [link]];
      const row = await postgres.write("prolong a grant", statement, [id, String(twice(lifeMs)), ...links]);
      if (isDone(row)) await records.sealAnew(id, row);
      return isDone(row);
    },
    delete: remove,
    async link(id, link, lifeMs, former) {
      if (!isGrantId(id)) return false;
      const [statement, formers] = former === undefined ? [sql.link, []] : [sql.linkInPlaceOf, [former]];
      const values = [id, link, String(twice(lifeMs)), ...formers];
      return isDone(await postgres.write("link a session to a grant", statement, values, () => unlink(id, link)));
    },
    unlink,
    async idsOf(app, company) {
      const rows = await postgres.ask("find a company's grants", sql.idsOf, [appOf(app), companyKey(company)]);
      return rows.map(({ id }) => id).filter(isGrantId);
    },
    async companies(app, cursor, limit) {
      const values = [appOf(app), cursor ?? "", String(limit)];
      return readPage(await postgres.ask("list companies", sql.companies, values), limit);
    },
    ...createPostgresClaims(postgres, sql),
    withLock: createLeaseLock(createPostgresTaking(postgres, sql), (name) => `lock:${name}`),
    records: (kind) => createPostgresKind(postgres, sql, kind),
  };
}

/** Sweeps after a write, now and then. */
function sweeping(postgres: Postgres, { sweep }: Statements): Postgres {
  const sweepNowAndThen = createSweeping(async () => {
    const [row] = await postgres.ask("sweep out what has ended", sweep, []);
    return row?.["done"] === sweptAtOnce ? "some" : "all";
  });
  return {
    ask: (...question) => postgres.ask(...question),
    async write(...change) {
      const row = await postgres.write(...change);
      sweepNowAndThen();
      return row;
    },
  };
}

function readPage(rows: readonly Row[], limit: number): CompaniesPage {
  const companies = rows.flatMap(({ company_key: key, ids }) => {
    const company = companyNamed(String(key));
    return company === null ? [] : [{ company, ids: String(ids).split(" ") }];
  });
  return { companies, cursor: rows.length < limit ? null : String(rows.at(-1)?.["company_key"]) };
}

function isDone({ done }: Row): boolean {
  return done === "1";
}
