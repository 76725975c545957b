import type { RequestHandler } from "express";

/** What this is and a way in, for those who have not connected; the others go on to the board. */
export const connectPage: RequestHandler = async function connectPage(req, res) {
  const account = await req.aircall.account();
  if (account) return res.redirect("/missed-calls");
  res.render("connect");
};

/** Names the company at the top of the page, and keeps the page out of caches: it is gone when they disconnect. */
export const showAccount: RequestHandler = async function showAccount(req, res, next) {
  res.set("Cache-Control", "no-store");
  const account = await req.aircall.account();
  res.locals["company"] = account?.name ?? "Your company";
  // An API key has no company id: it is this app's own, and nobody's to disconnect.
  res.locals["canDisconnect"] = account !== null && account.id !== null;
  next();
};
