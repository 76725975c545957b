import type { Dispatcher } from "undici";

/** How long a connection may have been idle, in milliseconds: as we guess, and as its server may say. */
const kept = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 300_000 };
const justUsed = { keepAliveTimeout: 3_000, keepAliveMaxTimeout: 3_000 };

/**
 * The connections of this process, for all of its clients: one made for each request would open some for each. Those
 * that must not end as a request leaves are let go soon.
 */
export interface Pool {
  /** Counts one client more that sends through the pool, until it leaves. */
  join(): void;
  /** Closes the connections where nobody is left; the next to join opens others. */
  leave(): Promise<void>;
  dispatcher(fresh: boolean): Dispatcher;
}

export function createPool(): Pool {
  let agents: { kept?: Dispatcher; justUsed?: Dispatcher } = {};
  let users = 0;

  return {
    join: () => void (users += 1),
    async leave() {
      users -= 1;
      if (users > 0) return;
      const open = Object.values(agents);
      agents = {};
      await Promise.allSettled(open.map((agent) => agent.close()));
    },
    dispatcher: (fresh) => (fresh ? (agents.justUsed ??= loadAgent(justUsed)) : (agents.kept ??= loadAgent(kept))),
  };
}

function loadAgent(idle: typeof kept): Dispatcher {
  // Loading undici takes longer than the rest of the library together; an app that never calls Aircall never pays.
  const { Agent } = require("undici") as typeof import("undici");
  return new Agent(idle);
}
