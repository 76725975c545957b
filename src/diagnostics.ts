import { channel, type Channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import type { RequestOutcome } from "./errors/outcome";

/**
 * What happens to connections, for those who watch: `diagnostics_channel.subscribe("express-aircall:renewal", …)`. No
 * event holds an id, a token, a session or a name. `NODE_DEBUG=express-aircall` prints them.
 */
export interface AircallDiagnostics {
  /** A call of a client has its answer, or its error. */
  "express-aircall:request": {
    /** Method and route template, e.g. `GET /v1/calls/:id`. */
    readonly request: string;
    readonly lane: "interactive" | "bulk";
    /** Who answered: Aircall, a request of the same kind that was under way, or what `cacheMs` kept. */
    readonly source: "aircall" | "shared" | "kept";
    /** HTTP status of the last answer; null where the last attempt had none. */
    readonly status: number | null;
    /** Null when it succeeded, else the error's; `aborted` when the caller's signal ended it, `failed` without a code. */
    readonly code: string | null;
    /** What became of it; null when it succeeded. With `aborted` too, whose error cannot say so. */
    readonly outcome: RequestOutcome | null;
    /** Sent to Aircall for this call; 0 for one that shared another's. */
    readonly attempts: number;
    /** Not spent on attempts of its own: for its permit, the credential, between attempts, for what it shared. */
    readonly waitedMs: number;
    /** From the call to its end, waiting included. */
    readonly durationMs: number;
  };
  /** One attempt of a request was answered or failed. It may come after its request, where that was given up. */
  "express-aircall:attempt": {
    /** Method and route template. */
    readonly request: string;
    /** Whom it was sent to, e.g. `https://api.aircall.io`. */
    readonly origin: string;
    readonly lane: "interactive" | "bulk";
    /** Counts from 1. */
    readonly attempt: number;
    /** HTTP status; null where no answer came. */
    readonly status: number | null;
    /** Null for a good answer, else the error's; `timeout` or `aborted` when the call ended first. */
    readonly code: string | null;
    /** What is known of the request after this attempt; null for a good answer. */
    readonly outcome: RequestOutcome | null;
    /** Requests left to the company, as the answer said; null where it did not. */
    readonly remaining: number | null;
    /** Since the call or the attempt before: for its permit, the credential, and what the last failure asked for. */
    readonly waitedMs: number;
    /** From sending it to the end of its answer. */
    readonly durationMs: number;
    /** Until the next attempt; null when none follows, and after 401 and 403, where the credential decides. */
    readonly retryInMs: number | null;
  };
  /** An attempt had to wait for room in its company's request budget. */
  "express-aircall:wait": {
    /** Method and route template. */
    readonly request: string;
    readonly lane: "interactive" | "bulk";
    readonly waitMs: number;
  };
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
  /** A grant is suspended, for Aircall went on refusing its token: from now on its visitors are asked to sign in again. */
  "express-aircall:suspension": {
    /** Since the first refusal, by the clocks of those who noted it. */
    readonly refusedForMs: number;
  };
  /** Aircall accepts a grant's token again that it had refused: everything goes on with it, and nobody need sign in. */
  "express-aircall:recovery": {
    /** Whether the grant was suspended; else its requests have got a 503 meanwhile. */
    readonly suspended: boolean;
    /** Since the first refusal, by the clocks of those who noted it. */
    readonly refusedForMs: number;
  };
  /** Grants ended at someone's wish. */
  "express-aircall:disconnection": {
    readonly by: "logout" | "disconnect" | "disconnectCompany" | "integration.deleted";
    readonly grants: number;
  };
  /** A function of the app's own threw, rejected or answered what it may not. What it was told of is done all the same. */
  "express-aircall:hook-failure": {
    readonly hook: "onAudit" | "actor" | "onConnect" | "onDisconnect" | "onHookError" | "onError";
  };
  /** A webhook's delivery was answered. */
  "express-aircall:delivery": {
    /** HTTP status. */
    readonly status: number;
    /** Null where it was taken, else the error's. */
    readonly code: string | null;
    /** E.g. `call.ended`; null where it was refused. */
    readonly event: string | null;
    /** From its head to its answer. */
    readonly durationMs: number;
  };
  /** A handler is about to run. Whoever listens may put `run` into a context of theirs, and must hand on what it answers. */
  "express-aircall:handling": {
    /** E.g. `call.ended`. */
    readonly event: string;
    readonly source: "webhook" | "caughtUp" | "poll" | "replayed";
    readonly late: boolean;
    /** Behind other events of the same call. */
    readonly waitedMs: number;
    run: () => Promise<void>;
  };
  /** A handler is done with an event, or has failed. */
  "express-aircall:event": {
    /** E.g. `call.ended`. */
    readonly event: string;
    readonly source: "webhook" | "caughtUp" | "poll" | "replayed";
    readonly late: boolean;
    readonly failed: boolean;
    /** Behind other events of the same call. */
    readonly waitedMs: number;
    /** Of the handler. */
    readonly durationMs: number;
  };
  /** Aircall's lists were looked through for one company's events: how many they show, and how many had never come. */
  "express-aircall:catch-up": {
    readonly source: "webhook" | "poll";
    readonly found: number;
    readonly handled: number;
  };
  /** They could not be looked through: Aircall, the company's grant or the store failed. It is tried again. */
  "express-aircall:catch-up-failure": { readonly source: "webhook" | "poll" };
  /** A company's webhook was made, changed, switched on again, or removed. */
  "express-aircall:subscription": { readonly outcome: "made" | "changed" | "switchedOn" | "removed" };
  /** It could not be looked after: Aircall, the company's grant or the store failed. It is tried again. */
  "express-aircall:subscription-failure": {
    /** The error's; `unknown` where it has none. */
    readonly code: string;
  };
  /** New tokens could not be written; they are kept in memory and tried again. `attempt` counts from 1. */
  "express-aircall:write-failure": { readonly attempt: number };
}

const log = debuglog("express-aircall");
/** Held here: Node forgets a channel that nobody holds. */
const channels = new Map<keyof AircallDiagnostics, Channel>();

/** Whether somebody would hear of it: what is costly to tell need not be put together for nobody. */
export function listening(name: keyof AircallDiagnostics): boolean {
  return log.enabled || channelOf(name).hasSubscribers;
}

/** Tells whoever listens. Costs next to nothing when nobody does. */
export function tell<Name extends keyof AircallDiagnostics>(name: Name, event: AircallDiagnostics[Name]): void {
  log("%s %j", name, event);
  channelOf(name).publish(event);
}

function channelOf(name: keyof AircallDiagnostics): Channel {
  const known = channels.get(name) ?? channel(name);
  channels.set(name, known);
  return known;
}
