import { postgresGrants } from "../../../../src/grants/stores/postgres/postgres";
import { describeWith } from "../../../support/programs";
import {
  startPgBouncer,
  startPostgres,
  type PgBouncer,
  type PostgresDatabase,
} from "../../../support/postgres/postgres";
import { describeGrantStore } from "../contract";

const encryptionKeys = ["today's key, of 32 characters....", "yesterday's key, of 32 characters"];
const few = { numRuns: 30 };

describeWith("postgres", "on one PostgreSQL", () => {
  let postgres: PostgresDatabase;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgresGrants(postgres.pool(), { migrate: true }).check!();
  });
  beforeEach(() => postgres.empty());
  afterAll(() => postgres.close());

  describeGrantStore(
    "postgresGrants over a pool of one, sealed",
    () => {
      const pool = postgres.pool({ max: 1 });
      return { store: postgresGrants(pool, { encryptionKeys }), pass: postgres.pass, close: () => pool.end() };
    },
    few,
  );

  describeGrantStore(
    "postgresGrants over serializable transactions",
    () => {
      const pool = postgres.pool({ options: "-c default_transaction_isolation=serializable" });
      return { store: postgresGrants(pool), pass: postgres.pass, close: () => pool.end() };
    },
    few,
  );

  describeWith("pgbouncer", "behind pgbouncer, in transaction mode", () => {
    let bouncer: PgBouncer;

    beforeAll(async () => (bouncer = await startPgBouncer(postgres.address)));
    afterAll(() => bouncer.close());

    describeGrantStore(
      "postgresGrants behind pgbouncer",
      () => {
        const pool = postgres.pool({ port: bouncer.port, host: "127.0.0.1" });
        return { store: postgresGrants(pool), pass: postgres.pass, close: () => pool.end() };
      },
      few,
    );
  });
});
