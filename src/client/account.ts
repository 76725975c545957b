import { fields } from "../config/fields";
import type { AircallClient } from "./client";
import { ConnectionError } from "../errors/errors";
import type { Account } from "../grants/grant";

/** Asks Aircall which company an OAuth token belongs to: its id from the integration, its name from the company. */
export async function readAccount(client: AircallClient): Promise<Account> {
  const { company_id: id, user } = fields(await client.integrations.me());
  const name = await readName(client);
  if (!isId(id)) throw new ConnectionError("GET /v1/integrations/me", "the answer names no company.");
  return { id, name, user: readUser(user) };
}

/** The same with an API key, to which Aircall does not tell the company's id. */
export async function readKeyAccount(client: AircallClient): Promise<Account> {
  return { id: null, name: await readName(client), user: null };
}

async function readName(client: AircallClient): Promise<string | null> {
  return textOf(fields(await client.company.get())["name"]);
}

function readUser(user: unknown): Account["user"] {
  const { id, name, email } = fields(user);
  return isId(id) ? { id, name: textOf(name), email: textOf(email) } : null;
}

/** What an account is made of is stored, and read back strictly: nothing that is not what it should be goes in. */
function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
