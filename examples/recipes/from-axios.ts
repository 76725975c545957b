import type { AxiosInstance } from "axios";
import type { AircallClient } from "express-aircall";

interface Page {
  readonly calls: readonly { readonly id: number }[];
  readonly meta: { readonly next_page_link: string | null };
}

/** By hand: ends at 10,000 calls and at the 121st request of a minute, and reads twice what moves to the next page. */
export async function before(axios: AxiosInstance, from: Date): Promise<number[]> {
  const ids: number[] = [];
  const seconds = Math.floor(from.getTime() / 1000);
  let next: string | null = `/v1/calls?per_page=50&order=asc&from=${seconds}`;
  while (next !== null) {
    const { data }: { data: Page } = await axios.get<Page>(next);
    ids.push(...data.calls.map(({ id }) => id));
    next = data.meta.next_page_link;
  }
  return ids;
}

/** The same with the client: `createAircallClient({ user, password })`, or `req.aircall`. */
export async function after(client: AircallClient, from: Date): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of client.calls.iterate({ from })) ids.push(id);
  return ids;
}
