import type { Tables } from "./tables";

/**
 * One statement for each thing a store does; each may run twice, and does nothing more the second time. They hold no
 * session state and begin no transaction, so that a pool in transaction mode may stand between. Every value comes as
 * text, which each client sends alike. In a statement that writes, $1 says until when it may.
 *
 * A grant's row is locked before its links are, by all: so nobody waits in a ring.
 */
export type Statements = ReturnType<typeof createStatements>;

export function createStatements(tables: Tables) {
  return {
    ...grantStatements(tables),
    ...linkedStatements(tables),
    ...leaseStatements(tables.leases),
    ...recordStatements(tables.records),
    sweep: sweepOf(tables),
  };
}

/** The database's, in epoch milliseconds. */
export const clock = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS clock";
/** The most that one sweep takes, as its answer says it. */
export const sweptAtOnce = "1000";

const alive = "ends_at > statement_timestamp()";
const ended = "ends_at <= statement_timestamp()";
/** Asked when rows are locked already: who waited for a lock may be late by then. */
const inTime = "clock_timestamp() < to_timestamp($1::text::float8 / 1000)";
/** So many milliseconds from now. */
const after = (ms: string) => `clock_timestamp() + ${ms}::text::float8 * interval '1 millisecond'`;
const done = (rows: string) => `SELECT ${clock}, (SELECT count(*) FROM ${rows})::text AS done`;

/** Of a grant, whoever is linked to it. */
function grantStatements({ grants, links }: Tables) {
  /** $2 id. */
  const held = `SELECT id, version, mark FROM ${grants} WHERE id = $2::text AND ${alive} FOR NO KEY UPDATE`;

  const nextCompany = (behind: string) =>
    `SELECT company_key FROM ${grants} WHERE app = $1::text AND company_key > ${behind} AND ${alive} ORDER BY company_key LIMIT 1`;

  return {
    /** $2 id, $3 version, $4 app, $5 and $6 the company's names, $7 record, $8 mark. */
    replace: `
WITH held AS (${held}), written AS (
  UPDATE ${grants} AS kept
  SET app = $4::text, company_key = $5::text, company_ref = $6::text, record = $7::text, mark = $8::text,
    version = $3::text::bigint + 1
  FROM held
  WHERE kept.id = held.id AND ${inTime}
    AND (held.version = $3::text::bigint OR (held.version = $3::text::bigint + 1 AND held.mark = $8::text))
  RETURNING kept.id
)
${done("written")}`,
    /** $2 id, $3 the mark that stands there, $4 record, $5 mark. The same grant, in other words. */
    rewrite: `
WITH held AS (${held}), written AS (
  UPDATE ${grants} AS kept SET record = $4::text, mark = $5::text FROM held
  WHERE kept.id = held.id AND held.mark = $3::text AND ${inTime}
  RETURNING kept.id
)
${done("written")}`,
    /** $1 id. */
    remove: `
WITH gone AS (DELETE FROM ${grants} WHERE id = $1::text RETURNING id)
DELETE FROM ${links} USING gone WHERE grant_id = gone.id`,
    /** $1 ids, with blanks between. */
    readMany: `
SELECT ${clock}, id, version::text, mark, record FROM ${grants}
WHERE id = ANY (string_to_array($1::text, ' ')) AND ${alive}`,
    /** $1 app, $2 company, by either of its names. */
    idsOf: `
SELECT id FROM ${grants} WHERE app = $1::text AND company_key = $2::text AND ${alive}
UNION
SELECT id FROM ${grants} WHERE app = $1::text AND company_ref = $2::text AND ${alive}`,
    /**
     * $1 app, $2 the company behind which to begin, $3 how many. From one company to the next by the index, whatever the
     * planner knows: a table that was filled a moment ago would be sorted whole for each page.
     */
    companies: `
WITH RECURSIVE page AS (
  SELECT (${nextCompany("$2::text")}) AS company_key, 1 AS place
  UNION ALL
  SELECT (${nextCompany("page.company_key")}), place + 1 FROM page
  WHERE company_key IS NOT NULL AND place < $3::text::bigint
)
SELECT company_key, (
  SELECT string_agg(id, ' ') FROM ${grants} WHERE app = $1::text AND company_key = page.company_key AND ${alive}
) AS ids
FROM page WHERE company_key IS NOT NULL ORDER BY company_key`,
    /** $1 id, $2 link. */
    unlink: `DELETE FROM ${links} WHERE grant_id = $1::text AND link = $2::text`,
  };
}

/** Two of each: with a link they say more than without. */
function linkedStatements({ grants, links }: Tables) {
  const when = (condition: boolean, text: string) => (condition ? text : "");
  /** Whether a link leads to a grant. */
  const leads = (id: string, those: string) =>
    `AND EXISTS (SELECT FROM ${links} WHERE grant_id = ${id}::text AND link IN (${those}) AND ${alive})`;

  /** $1 id, and perhaps $2 a link. */
  const read = (withLink: boolean) => `
SELECT ${clock}, version::text, mark, record FROM ${grants}
WHERE id = $1::text AND ${alive} ${when(withLink, leads("$1", "$2::text"))}`;

  const linked = `, linked AS (
  INSERT INTO ${links} (grant_id, link, ends_at) SELECT id, $9::text, ends_at FROM kept
  ON CONFLICT (grant_id, link) DO NOTHING
)`;
  /** $2 id, $3 app, $4 and $5 the company's names, $6 record, $7 mark, $8 life, and perhaps $9 a link. */
  const create = (withLink: boolean) => `
WITH kept AS (
  INSERT INTO ${grants} AS held (id, app, company_key, company_ref, record, version, mark, ends_at)
  SELECT $2::text, $3::text, $4::text, $5::text, $6::text, 1, $7::text, ${after("$8")} WHERE ${inTime}
  ON CONFLICT (id) DO UPDATE SET mark = held.mark WHERE held.mark = excluded.mark
  RETURNING id, ends_at
)${when(withLink, linked)}
${done("kept")}`;

  const linkProlonged = `, linked AS (
  UPDATE ${links} AS kept SET ends_at = greatest(kept.ends_at, ${after("$3")}) FROM prolonged
  WHERE kept.grant_id = prolonged.id AND kept.link = $4::text
)`;
  /** $2 id, $3 life, and perhaps $4 a link. What the record is; nothing when either has ended. */
  const prolong = (withLink: boolean) => `
WITH held AS (
  SELECT id FROM ${grants}
  WHERE id = $2::text AND ${alive} ${when(withLink, leads("$2", "$4::text"))} FOR NO KEY UPDATE
), prolonged AS (
  UPDATE ${grants} AS kept SET ends_at = greatest(kept.ends_at, ${after("$3")}) FROM held
  WHERE kept.id = held.id AND ${inTime}
  RETURNING kept.id, kept.version, kept.mark, kept.record
)${when(withLink, linkProlonged)}
SELECT ${clock}, (SELECT count(*) FROM prolonged)::text AS done, version::text, mark, record
FROM (VALUES (1)) AS one LEFT JOIN prolonged ON true`;

  /** $2 id, $3 link, $4 life, and perhaps $5 a former link. */
  const link = (withFormer: boolean) => `
WITH held AS (
  SELECT id FROM ${grants}
  WHERE id = $2::text AND ${alive} ${when(withFormer, leads("$2", "$3::text, $5::text"))} FOR KEY SHARE
), linked AS (
  INSERT INTO ${links} (grant_id, link, ends_at) SELECT id, $3::text, ${after("$4")} FROM held WHERE ${inTime}
  ON CONFLICT (grant_id, link) DO UPDATE SET ends_at = excluded.ends_at
  RETURNING link
)
${done("linked")}`;

  return {
    read: read(false),
    readByLink: read(true),
    create: create(false),
    createWithLink: create(true),
    prolong: prolong(false),
    prolongWithLink: prolong(true),
    link: link(false),
    linkInPlaceOf: link(true),
  };
}

/** Of claims and their outcomes, and of locks. */
function leaseStatements(leases: string) {
  /** Where nobody has the key, it is this owner's; `or` says in what other case. */
  const take = (or: string) => `
  INSERT INTO ${leases} AS held (key, owner, claimed_at, ends_at)
  SELECT $2::text, $3::text, clock_timestamp(), ${after("$4")} WHERE ${inTime}
  ON CONFLICT (key) DO UPDATE
  SET owner = excluded.owner, claimed_at = excluded.claimed_at, ends_at = excluded.ends_at, outcome = NULL
  WHERE (held.${ended}${or}) AND ${inTime}
  RETURNING owner, claimed_at`;

  return {
    /** $2 key, $3 owner, $4 life. Who has it; nothing when that was decided while this was under way. */
    claim: `
WITH taken AS (${take("")}
), holder AS (
  SELECT owner, claimed_at FROM taken
  UNION ALL
  SELECT owner, claimed_at FROM ${leases} WHERE key = $2::text AND ${alive} AND NOT EXISTS (SELECT FROM taken)
)
SELECT ${clock}, (SELECT count(*) FROM holder)::text AS done, owner,
  floor(extract(epoch FROM clock_timestamp() - claimed_at) * 1000)::bigint::text AS age
FROM (VALUES (1)) AS one LEFT JOIN holder ON true`,
    /** $2 key, $3 owner, $4 life. */
    take: `
WITH taken AS (${take(" OR held.owner = excluded.owner")}
)
${done("taken")}`,
    /** $1 key, $2 owner. */
    giveBack: `DELETE FROM ${leases} WHERE key = $1::text AND owner = $2::text`,
    /** $2 key, $3 owner, $4 life. */
    renew: `
WITH renewed AS (
  UPDATE ${leases} SET ends_at = ${after("$4")}
  WHERE key = $2::text AND owner = $3::text AND ${alive} AND ${inTime}
  RETURNING key
)
${done("renewed")}`,
    /** $2 key, $3 outcome, $4 life. */
    settle: `
WITH settled AS (
  INSERT INTO ${leases} AS held (key, owner, claimed_at, ends_at, outcome)
  SELECT $2::text, '', clock_timestamp(), ${after("$4")}, $3::text WHERE ${inTime}
  ON CONFLICT (key) DO UPDATE SET ends_at = excluded.ends_at, outcome = excluded.outcome WHERE ${inTime}
  RETURNING key
)
${done("settled")}`,
    /** $1 key. */
    outcome: `SELECT outcome FROM ${leases} WHERE key = $1::text AND ${alive}`,
  };
}

/**
 * Of records of any kind. What is deleted stays for a while as a record that has ended: who deletes it again finds that.
 * It ended before any time, as it had for a statement that began earlier than its deletion and comes to the row after it.
 */
function recordStatements(records: string) {
  return {
    /** $1 kind, $2 key. */
    readRecord: `
SELECT ${clock}, key, value, version::text FROM ${records} WHERE kind = $1::text AND key = $2::text AND ${alive}`,
    /** $2 kind, $3 key, $4 value, $5 version, $6 life. */
    addRecord: `
WITH kept AS (
  INSERT INTO ${records} AS held (kind, key, value, version, ends_at)
  SELECT $2::text, $3::text, $4::text, $5::text::bigint, ${after("$6")} WHERE ${inTime}
  ON CONFLICT (kind, key) DO UPDATE
  SET value = excluded.value, version = excluded.version, ends_at = excluded.ends_at
  WHERE (held.${ended} OR held.version = excluded.version) AND ${inTime}
  RETURNING key
)
${done("kept")}`,
    /** $2 kind, $3 key, $4 value, $5 version, $6 life, $7 the version that stands there. */
    replaceRecord: `
WITH kept AS (
  UPDATE ${records} SET value = $4::text, version = $5::text::bigint, ends_at = ${after("$6")}
  WHERE kind = $2::text AND key = $3::text AND version IN ($5::text::bigint, $7::text::bigint) AND ${alive} AND ${inTime}
  RETURNING key
)
${done("kept")}`,
    /** $2 kind, $3 key, $4 the version of what has ended, $5 the version that stands there, or nothing for any. */
    deleteRecord: `
WITH gone AS (
  UPDATE ${records} SET value = '', version = $4::text::bigint, ends_at = '-infinity'
  WHERE kind = $2::text AND key = $3::text AND ${inTime}
    AND (version = $4::text::bigint OR (${alive} AND $5::text IN ('', version::text)))
  RETURNING key
)
${done("gone")}`,
    /** $1 kind, $2 the key behind which to begin, $3 how many. */
    listRecords: `
SELECT ${clock}, key, value, version::text FROM ${records}
WHERE kind = $1::text AND key > $2::text AND ${alive} ORDER BY key LIMIT $3::text::bigint`,
  };
}

/** Some of what has ended, oldest first; what somebody else is at is left alone. */
function sweepOf({ grants, links, leases, records }: Tables): string {
  const sweep = (table: string, key: string) => `
  DELETE FROM ${table} WHERE ${ended} AND (${key}) IN (
    SELECT ${key} FROM ${table} WHERE ${ended} ORDER BY ends_at LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED
  ) RETURNING 1`;
  return `
WITH swept_grants AS (${sweep(grants, "id")}
), swept_links AS (${sweep(links, "grant_id, link")}
), swept_leases AS (${sweep(leases, "key")}
), swept_records AS (${sweep(records, "kind, key")}
)
SELECT ${clock}, greatest(
  (SELECT count(*) FROM swept_grants), (SELECT count(*) FROM swept_links), (SELECT count(*) FROM swept_leases),
  (SELECT count(*) FROM swept_records)
)::text AS done`;
}
