import type { AircallClient } from "../../client/client";
import { fields } from "../../config/fields";
import { AircallError, ApiError } from "../../errors/errors";
import { propertyOf } from "../../errors/property";
import type { Transport } from "../../http/transport/transport";

/** What a GET brought. */
export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Null where the answer was a refusal. */
  readonly headers: Headers | null;
}

/** Asks Aircall by GETs, and takes a refusal for an answer. */
export type Ask = (path: string, query?: object) => Promise<Asked>;

/** Asks by this client, which should be read-only; each path and query once. */
export function createAsk(client: AircallClient): Ask {
  const asked = new Map<string, Promise<Asked>>();
  return function ask(path, query) {
    const key = `${path} ${JSON.stringify(query)}`;
    const known = asked.get(key) ?? get(client, path, query);
    asked.set(key, known);
    return known;
  };
}

async function get(client: AircallClient, path: string, query: object | undefined): Promise<Asked> {
  try {
    const { data, response } = await client.request<unknown>("GET", path, { query }).withResponse();
    return { status: response.status, body: fields(data), headers: response.headers };
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: {}, headers: null };
    throw error;
  }
}

const withinMs = 10_000;

/** What stands at an address, asked without credentials: a status, or why there is none. Follows no redirect. */
export async function look(transport: Transport, url: string): Promise<number | string> {
  try {
    const headers = { accept: "text/html, application/json" };
    const signal = AbortSignal.timeout(withinMs);
    const answer = await transport.send({ method: "GET", url: new URL(url).href, headers, body: null, signal });
    await answer.discard();
    return answer.status;
  } catch (error) {
    const code = propertyOf(error, "code");
    return typeof code === "string" ? code : "no answer";
  }
}

export function whyNot(error: unknown): string {
  if (error instanceof AircallError) return error.message;
  throw error;
}
