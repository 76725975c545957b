import type { AircallClient, EventCompany } from "express-aircall";

/** What a company is called here: `id:7` by Aircall's id, `ref:…` by our own name, `own` for the app's one company. */
export type CompanyKey = string;

/** A company whose calls are mirrored, and what reaches it without a visitor. */
export interface BoardCompany {
  readonly key: CompanyKey;
  readonly client: AircallClient;
  /** Aircall tells what happens, or its lists are looked at each minute: they tell less. */
  readonly toldBy: "events" | "lists";
  /** Hands on the events that never came. */
  catchUp(since: Date): Promise<unknown>;
}

export function companyKey({ companyId, companyRef }: EventCompany): CompanyKey {
  if (companyId !== null) return `id:${companyId}`;
  return companyRef === null ? "own" : `ref:${companyRef}`;
}
