import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";

/**
 * What happens to connections, for those who watch: `diagnostics_channel.subscribe("express-aircall:renewal", …)`. No
 * event holds an id, a token, a session or a name. `NODE_DEBUG=express-aircall` prints them.
 */
export interface AircallEvents {
  /** Someone came back from Aircall: `code` is null when they are connected, else the error's. */
  "express-aircall:sign-in": { readonly code: string | null };
  /** The token endpoint was asked: `code` is null when it gave new tokens, else says for how long it did not. */
  "express-aircall:renewal": {
    /** `renewal_failed` for a passing reason; `renewal_refused` for good. */
    readonly code: "renewal_failed" | "renewal_refused" | null;
    readonly durationMs: number;
  };
  /** Aircall was asked whether it still accepts a token. */
  "express-aircall:probe": { readonly verdict: "accepted" | "refused" | "unknown" };
  /** Grants ended at someone's wish. */
  "express-aircall:disconnection": {
    readonly by: "logout" | "disconnect" | "disconnectCompany";
    readonly grants: number;
  };
  /** New tokens could not be written; they are kept in memory and tried again. `attempt` counts from 1. */
  "express-aircall:write-failure": { readonly attempt: number };
}

const log = debuglog("express-aircall");

/** Tells whoever listens. Costs next to nothing when nobody does. */
export function tell<Name extends keyof AircallEvents>(name: Name, event: AircallEvents[Name]): void {
  log("%s %j", name, event);
  channel(name).publish(event);
}
