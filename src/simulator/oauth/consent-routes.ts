import express, { type IRouter, type Response } from "express";
import { searchOf } from "../address";
import { readText } from "../api/read-body";
import type { Company } from "../data/company";
import type { SimulatorSettings } from "../options";
import { decide, readAuthorization } from "./authorization";
import type { CodeBook } from "./code-book";
import { consentPage } from "./consent-page";
import { contentSecurityPolicy, messagePage } from "./page";

/** The pages a person sees at Aircall: consent, what went wrong, and the end of an installation. */
export function addConsentRoutes(
  app: IRouter,
  { companies, codes }: { readonly companies: readonly Company[]; readonly codes: CodeBook },
  settings: SimulatorSettings,
): void {
  const form = express.urlencoded({ extended: false });

  app.get("/oauth/authorize", (req, res) => {
    const asked = readAuthorization(new URLSearchParams(searchOf(req)), settings);
    if (typeof asked === "string") return sendProblem(res, asked);
    const { host } = new URL(asked.redirectUri);
    sendPage(res, 200, consentPage({ clientId: settings.clientId, host, companies }));
  });

  app.post("/oauth/authorize", form, (req, res) => {
    const asked = readAuthorization(new URLSearchParams(searchOf(req)), settings);
    if (typeof asked === "string") return sendProblem(res, asked);
    const decision = readText(req, "decision");
    const company = companies.find(({ id }) => String(id) === readText(req, "company_id"));
    if (decision !== "authorize" && decision !== "deny") return sendProblem(res, "Choose Authorize or Deny.");
    if (decision === "authorize" && !company) return sendProblem(res, "Choose one of the companies.");

    const companyId = decision === "authorize" && company ? company.id : null;
    res.redirect(303, decide(asked, companyId, { codes, issuer: settings.issuer }));
  });

  app.get("/oauth/success", (_req, res) => {
    sendPage(
      res,
      200,
      messagePage("You are connected", "The app can use this account now. You may close this window."),
    );
  });
}

function sendProblem(res: Response, sentence: string): void {
  sendPage(res, 400, messagePage("This app cannot be connected", sentence));
}

function sendPage(res: Response, status: number, html: string): void {
  res.set({
    "Content-Security-Policy": contentSecurityPolicy,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  res.status(status).type("html").send(html);
}
