/** Only has to compile: what a handler that imports nothing but Express may do with `req.aircall`, and what not. */
import type { Request, RequestHandler } from "express";

export const everything: RequestHandler<{ id: string }> = async (req, res) => {
  const { aircall } = req;
  const page = await aircall.calls.list({ from: new Date(0), per_page: 20 });
  const next: typeof page | null = page.hasNext ? await page.next() : null;
  const call = await aircall.calls.get(Number(req.params.id), {}, { maxRetries: 0, timeoutMs: 1_000 });
  for await (const { id } of aircall.calls.iterate({ to: 1_763_900_000 })) res.write(String(id satisfies number));
  const account = await aircall.account();
  const id: number | null | undefined = account?.id;
  await aircall.as(id ?? 7).users.dial(1, { to: "+15555550142" });
  await aircall.disconnect();
  const teams: { teams: unknown[] } = await aircall.request<{ teams: unknown[] }>("GET", "/v1/teams");
  res.json({ next, call, teams, company: await aircall.company.get(), me: await aircall.integrations.me() });
};

export function passedOn(req: Request, bare: Express.Request): Promise<unknown>[] {
  return [req.aircall.ping(), bare.aircall.ping()];
}

export const misuse: RequestHandler = async (req) => {
  // @ts-expect-error -- there is no such noun
  void req.aircall.cals;
  // @ts-expect-error -- account() may be null
  void (await req.aircall.account()).id;
  // @ts-expect-error -- per_page is a number
  await req.aircall.calls.list({ per_page: "20" });
  // @ts-expect-error -- a company is named by its id
  req.aircall.as({ name: "Acme" });
  // @ts-expect-error -- what it is built on is nobody's business
  void req.aircall.connection;
  // @ts-expect-error -- the method is a word of HTTP
  await req.aircall.request("FETCH", "/v1/teams");
};
