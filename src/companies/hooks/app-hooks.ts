import type { Request } from "express";
import type { AircallClient } from "../../client/client";
import type { CompanyName } from "../../config/company-id";
import type { CompanyListener, ConnectReason, DisconnectReason } from "../../connections/company-listener";
import { tell } from "../../diagnostics";
import type { Account } from "../../grants/grant";

/** A company has connected. */
export interface ConnectedEvent {
  /** The same each time this is told: by it, make your hook idempotent. */
  readonly id: string;
  readonly account: Account;
  /** The app's own name for the company; null where it gave it none. */
  readonly companyRef: string | null;
  /** The company's client, as `clientFor` gives it. */
  readonly client: AircallClient;
  /** Whether the company had no other connection in use: false where another administrator or another session came. */
  readonly first: boolean;
  /** `sign_in`: somebody consented at Aircall. `key`: by `connectKey`. `recovered`: Aircall accepts again what it had refused. */
  readonly reason: ConnectReason;
  /** The request that connected it, if it still runs; null in jobs, and where this is told again. */
  readonly req: Request | null;
}

/** A company has no connection to this app left that works. */
export interface DisconnectedEvent {
  /** The same each time this is told: by it, make your hook idempotent. */
  readonly id: string;
  /** Aircall's id; null where it is not known, as with an API key. */
  readonly companyId: number | null;
  /** The app's own name for the company; null where it gave it none. */
  readonly companyRef: string | null;
  /** `disconnected`: somebody ended it. `suspended`: Aircall refuses its token. `ended`: Aircall refused to renew it. */
  readonly reason: DisconnectReason;
}

/** A hook that threw, rejected, or took longer than 30 seconds. */
export interface HookFailure {
  readonly hook: "onConnect" | "onDisconnect";
  /** That of the event. */
  readonly id: string;
  readonly companyId: number | null;
  readonly companyRef: string | null;
  /** Counts from 1. */
  readonly attempt: number;
  /** True at the eighth attempt: the hook is not told of this event again. */
  readonly final: boolean;
}

export interface Hooks {
  readonly onConnect: ((event: ConnectedEvent) => unknown) | null;
  readonly onDisconnect: ((event: DisconnectedEvent) => unknown) | null;
  readonly onHookError: ((error: unknown, failure: HookFailure) => unknown) | null;
}

/** The app's own hooks, as a listener; null where it has none. */
export function listenerOf(
  { onConnect, onDisconnect, onHookError }: Hooks,
  clientFor: (company: CompanyName) => AircallClient,
  { warn = emitWarning } = {},
): CompanyListener | null {
  if (!onConnect && !onDisconnect) return null;
  let warned = false;

  function warnOnce(hook: HookFailure["hook"]): void {
    if (!onHookError && !warned) warn(`express-aircall: ${hook} failed, and is tried again. ${toSeeThem}`);
    warned = true;
  }

  return {
    name: "app",
    connected: onConnect && (({ company, ...told }) => onConnect({ ...told, client: clientFor(company) })),
    disconnected: onDisconnect && (({ company: _company, ...told }) => onDisconnect(told)),
    failed(error, { act, ...failure }) {
      const hook = act === "connect" ? "onConnect" : "onDisconnect";
      tell("express-aircall:hook-failure", { hook });
      warnOnce(hook);
      new Promise((resolve) => resolve(onHookError?.(error, { hook, ...failure }))).catch(() =>
        tell("express-aircall:hook-failure", { hook: "onHookError" }),
      );
    },
  };
}

const toSeeThem = "Give aircallAuth({ onHookError: (error, failure) => { … } }) to hear why.";

function emitWarning(message: string): void {
  process.emitWarning(message, { code: "EXPRESS_AIRCALL_HOOK" });
}
