import express, { type Router } from "express";
import { chosenAccount } from "../chosen-company";
import { leaveNotice } from "../notice";

/** The simulator as a board sees it: what it can do there beyond what Aircall can. */
export interface Pretend {
  /** Its own page. */
  readonly url: string;
  /** Its companies' ids by their names. */
  readonly companies: Readonly<Record<string, number>>;
}

/** "Miss a call now", for boards before the simulator. Mount it where `req.aircall` is there. */
export function pretendPages(pretend: Pretend): Router {
  const pages = express.Router();
  pages.use((_req, res, next) => {
    res.locals["pretend"] = pretend;
    next();
  });
  pages.post("/pretend/missed-call", async (req, res) => {
    const account = await chosenAccount(req);
    const missed = account !== null && (await missCall(pretend, account.name ?? ""));
    leaveNotice(req, missed ? "Somebody rang just now, and nobody picked up." : "The simulator missed no call.");
    res.redirect(303, "/missed-calls");
  });
  return pages;
}

/** Whether the simulator did. */
async function missCall({ url, companies }: Pretend, company: string): Promise<boolean> {
  const body = new URLSearchParams({ company_id: String(companies[company]) });
  const answer = await fetch(`${url}/simulator/missed-call`, { method: "POST", body, redirect: "manual" }).catch(
    () => null,
  );
  return answer?.status === 303;
}
