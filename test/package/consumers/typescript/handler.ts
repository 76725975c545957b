import type { RequestHandler } from "express";

/** Knows Express alone: `req.aircall` is there because another file of the program imports the library. */
export const listCalls: RequestHandler = async (req, res) => {
  const { items } = await req.aircall.calls.list({ per_page: 5 });
  const account = await req.aircall.account();
  res.json({ company: account?.name ?? null, started: items.map((call) => new Date(call.started_at * 1000)) });
};

export const misspelled: RequestHandler = (req, res) => {
  // @ts-expect-error -- there is no such noun
  res.json(req.aircall.cals);
};
