import { randomBytes } from "node:crypto";
import type { Taking } from "../lease-lock";
import { outcomeIn } from "../record";
import type { Postgres } from "./client";
import type { Statements } from "./statements";
import type { Claim, GrantStore } from "../../store";

type Claims = Pick<GrantStore, "claim" | "renewClaim" | "settle" | "outcome">;

/** Somebody else may take or give back a key between two looks at it; three in a row do not. */
const looks = 3;

/** Claims that are exact over all processes. */
export function createPostgresClaims(postgres: Postgres, statements: Statements): Claims {
  const keyOf = (key: string) => `claim:${key}`;
  const outcomeKeyOf = (key: string) => `outcome:${key}`;

  async function claim(key: string, owner: string, ttlMs: number): Promise<Claim> {
    const undo = () => postgres.ask("give a claim back", statements.giveBack, [keyOf(key), owner]);
    for (let look = 1; look <= looks; look += 1) {
      const values = [keyOf(key), owner, lifeOf(ttlMs)];
      const holder = await postgres.write("claim a sign-in", statements.claim, values, undo);
      if (holder["done"] === "1") return { ours: holder["owner"] === owner, ageMs: Math.max(0, Number(holder["age"])) };
    }
    return { ours: false, ageMs: 0 };
  }

  return {
    claim,
    async renewClaim(key, owner, ttlMs) {
      const values = [keyOf(key), owner, lifeOf(ttlMs)];
      return (await postgres.write("renew a claim", statements.renew, values))["done"] === "1";
    },
    async settle(key, outcome, keepMs) {
      const values = [outcomeKeyOf(key), JSON.stringify(outcome), lifeOf(keepMs)];
      await postgres.write("keep a sign-in's outcome", statements.settle, values);
    },
    async outcome(key) {
      const [row] = await postgres.ask("read a sign-in's outcome", statements.outcome, [outcomeKeyOf(key)]);
      return outcomeIn(row?.["outcome"]);
    },
  };
}

/** Rows, for one owner each. */
export function createPostgresTaking(postgres: Postgres, statements: Statements): Taking {
  async function giveBack(key: string, owner: string): Promise<void> {
    await postgres.ask("release a lock", statements.giveBack, [key, owner]);
  }

  return {
    async take(operation, key, lifeMs) {
      const owner = randomBytes(16).toString("base64url");
      const undo = () => giveBack(key, owner);
      const taken = await postgres.write(operation, statements.take, [key, owner, lifeOf(lifeMs)], undo);
      return taken["done"] === "1" ? owner : null;
    },
    giveBack,
  };
}

function lifeOf(ms: number): string {
  return String(Math.ceil(ms));
}
