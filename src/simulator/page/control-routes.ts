import express, { type IRouter, type Request, type RequestHandler, type Response } from "express";
import { baseOf } from "../address";
import { readText } from "../api/read-body";
import type { PlayOptions } from "../data/calls/play";
import type { Company } from "../data/company";
import type { Call } from "../data/entities";
import type { Faults } from "../faults";
import { effects } from "./controls";

/** What the page lets happen. */
export interface Controls {
  addCalls(calls: readonly Partial<Call>[], options: { companyId: number }): unknown;
  playCall(options: PlayOptions): Promise<unknown>;
  sendAgain(deliveryId: number): boolean;
}

interface Parts {
  readonly companies: readonly Company[];
  readonly faults: Faults;
  readonly controls: Controls;
}

export const controlsPath = "/simulator";

/** What the page's forms ask for, each answered by the way back to the page. Forms of other sites are refused. */
export function addControlRoutes(app: IRouter, { companies, faults, controls }: Parts): void {
  const form = [sameOriginOnly, express.urlencoded({ extended: false })];

  app.post(`${controlsPath}/missed-call`, ...form, (req, res) => {
    const companyId = companyIn(req);
    if (companyId === null) return refuseCompany(res);
    controls.addCalls([{ missed_call_reason: "agents_did_not_answer" }], { companyId });
    res.redirect(303, pageOf(req));
  });

  app.post(`${controlsPath}/whole-call`, ...form, (req, res) => {
    const companyId = companyIn(req);
    if (companyId === null) return refuseCompany(res);
    void controls.playCall({ companyId });
    res.redirect(303, pageOf(req));
  });

  app.post(`${controlsPath}/deliveries/:id/again`, ...form, (req, res) => {
    controls.sendAgain(Number(req.params["id"]));
    res.redirect(303, pageOf(req));
  });

  app.post(`${controlsPath}/faults`, ...form, (req, res) => {
    const effect = Object.entries(effects).find(([word]) => word === readText(req, "effect"))?.[1];
    const times = Number(readText(req, "times"));
    const path = readText(req, "path").trim();
    const good = effect && Number.isInteger(times) && times >= 1 && /^(\/[^?]*)?$/.test(path);
    if (!good) return void res.status(400).send("A fault has an effect, a number of times, and a path or none.");
    faults.fail({ ...effect.rule, times, ...(path !== "" && { match: { path } }) });
    res.redirect(303, pageOf(req));
  });

  app.post(`${controlsPath}/faults/:id/end`, ...form, (req, res) => {
    faults.active.find(({ id }) => String(id) === req.params["id"])?.end();
    res.redirect(303, pageOf(req));
  });

  function companyIn(req: Request): number | null {
    return companies.find(({ id }) => String(id) === readText(req, "company_id"))?.id ?? null;
  }
}

function refuseCompany(res: Response): void {
  res.status(400).send("There is no such company.");
}

const sameOriginOnly: RequestHandler = function sameOriginOnly(req, res, next) {
  const origin = req.get("origin");
  const own = origin === undefined || origin === new URL(baseOf(req)).origin;
  if (own && ["same-origin", undefined].includes(req.get("sec-fetch-site"))) return next();
  res.status(403).send("Only the simulator's own page can do this.");
};

function pageOf(req: Request): string {
  return `${req.baseUrl}/`;
}
