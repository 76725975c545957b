import type { Request } from "express";
import type { CompanyName } from "../config/company-id";
import type { Account } from "../grants/grant";

/** Where `aircallAuth()` leaves how to hear of its companies, for parts of this library that it knows nothing of. */
export const companyListening: unique symbol = Symbol.for("express-aircall.company-listening");

/** From now on this listener is told, also of what processes left untold that have ended. Answers how it leaves. */
export type Listen = (listener: CompanyListener) => () => Promise<void>;

/** By a consent at Aircall, by an API key, or because Aircall accepts its token again. */
export type ConnectReason = "sign_in" | "key" | "recovered";

/** Somebody ended it, Aircall refused its token for a minute or more, or refused to renew it. */
export type DisconnectReason = "disconnected" | "suspended" | "ended";

/** A company has connected, or what it had connected works again. */
export interface Connected {
  readonly id: string;
  readonly company: CompanyName;
  readonly account: Account;
  readonly companyRef: string | null;
  readonly first: boolean;
  readonly reason: ConnectReason;
  /** Null where it is told without a request, or again. */
  readonly req: Request | null;
}

/** The last that a company had connected to this app has ended, or is refused. */
export interface Disconnected {
  readonly id: string;
  readonly company: CompanyName;
  readonly companyId: number | null;
  readonly companyRef: string | null;
  readonly reason: DisconnectReason;
}

/** It was told in vain. */
export interface Failure {
  readonly act: "connect" | "disconnect";
  readonly id: string;
  readonly companyId: number | null;
  readonly companyRef: string | null;
  /** Counts from 1. */
  readonly attempt: number;
  /** It is not told again. */
  readonly final: boolean;
}

/** Who is told of companies that come and go, at least once each. One name is one listener, in all processes. */
export interface CompanyListener {
  readonly name: string;
  readonly connected: ((told: Connected) => unknown) | null;
  readonly disconnected: ((told: Disconnected) => unknown) | null;
  readonly failed: (error: unknown, failure: Failure) => void;
}
