import type { AircallClient } from "../client";
import type { Account } from "../grants/grant";

/** Asks Aircall which company an OAuth token belongs to: its id from the integration, its name from the company. */
export async function readAccount(client: AircallClient): Promise<Account> {
  const { company_id: id, user } = await client.integrations.me();
  const name = await readName(client);
  if (!Number.isSafeInteger(id) || id <= 0) throw new TypeError("The integration names no company.");
  return { id, name, user: user ? { id: user.id, name: user.name ?? null, email: user.email ?? null } : null };
}

/** The same with an API key, to which Aircall does not tell the company's id. */
export async function readKeyAccount(client: AircallClient): Promise<Account> {
  return { id: null, name: await readName(client), user: null };
}

async function readName(client: AircallClient): Promise<string | null> {
  const { name } = await client.company.get();
  return name ?? null;
}
