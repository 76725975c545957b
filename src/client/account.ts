import type { AircallClient } from "./client";
import { ConnectionError } from "../errors/errors";
import type { Account } from "../grants/grant";

/** Asks Aircall which company an OAuth token belongs to: its id from the integration, its name from the company. */
export async function readAccount(client: AircallClient): Promise<Account> {
  const { company_id: id, user } = fieldsOf(await client.integrations.me());
  const name = await readName(client);
  if (!isId(id)) throw new ConnectionError("GET /v1/integrations/me", "the answer names no company.");
  return { id, name, user: readUser(user) };
}

/** The same with an API key, to which Aircall does not tell the company's id. */
export async function readKeyAccount(client: AircallClient): Promise<Account> {
  return { id: null, name: await readName(client), user: null };
}

async function readName(client: AircallClient): Promise<string | null> {
  return textOf(fieldsOf(await client.company.get())["name"]);
}

function readUser(user: unknown): Account["user"] {
  const { id, name, email } = fieldsOf(user);
  return isId(id) ? { id, name: textOf(name), email: textOf(email) } : null;
}

/** What an account is made of is stored, and read back strictly: nothing that is not what it should be goes in. */
function fieldsOf(answer: unknown): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, answer);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
