import type { Request } from "express";
import { requireCompanyName } from "../config/company-id";
import { SignInError } from "../errors/errors";
import type { Attempt } from "./attempt";
import type { Keeping } from "./runtime";

/** The app's own name for the company that this request is about; undefined where it has none. */
export async function tenantOf(req: Request, { company }: Keeping): Promise<string | undefined> {
  const answer = await company?.(req);
  if (answer === null || answer === undefined) return undefined;
  const name = requireCompanyName(answer, "company(req)");
  return typeof name === "number" ? undefined : name.ref;
}

/**
 * Whoever begins for one tenant of the app connects no other.
 * @throws {SignInError} the request has come back as another's.
 */
export async function requireSameTenant(req: Request, keeping: Keeping, { ref }: Attempt): Promise<void> {
  if ((await tenantOf(req, keeping)) === ref) return;
  throw new SignInError(
    "sign_in_state",
    "This sign-in was begun for another tenant of this app than it came back to. Nothing was kept. Begin again.",
  );
}
