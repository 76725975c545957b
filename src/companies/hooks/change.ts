import type { CompanyName } from "../../config/company-id";
import type { ConnectReason, DisconnectReason } from "../../connections/company-listener";
import type { Grant, NewGrant } from "../../grants/grant";

/** What a write makes of a company's connection. */
export type Change =
  | { readonly act: "connect"; readonly reason: ConnectReason }
  | { readonly act: "disconnect"; readonly reason: DisconnectReason };

type Standing = Pick<Grant, "state" | "connectedAt" | "apiId">;

/** What it means that `after` takes the place of `before`; null where the company is as connected as before. */
export function changeBetween(before: Standing | null, after: Standing | null): Change | null {
  const [was, is] = [before?.state === "active", after?.state === "active"];
  if (after && is && before?.connectedAt.getTime() !== after.connectedAt.getTime()) {
    return { act: "connect", reason: after.apiId === null ? "sign_in" : "key" };
  }
  if (is && !was) return { act: "connect", reason: "recovered" };
  if (!was || is) return null;
  return { act: "disconnect", reason: after && after.state !== "active" ? after.state : "disconnected" };
}

/** Whose a grant is to the app: its own name for the tenant before Aircall's id. Null where neither is known. */
export function companyOf({ account, ref }: Pick<NewGrant, "account" | "ref">): CompanyName | null {
  return ref === null ? account.id : { ref };
}
