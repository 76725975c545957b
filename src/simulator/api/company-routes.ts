import type { IRouter, RequestHandler } from "express";
import { sendJson } from "./answers";
import { companyOf, oauthOnly } from "./authenticate";

export function addCompanyRoutes(app: IRouter, gate: RequestHandler): void {
  app.get("/v1/ping", gate, (_req, res) => void res.json({ ping: "pong" }));

  app.get("/v1/company", gate, (_req, res) => {
    const { name, users, numbers } = companyOf(res);
    res.json({ company: { name, users_count: users.length, numbers_count: numbers.length } });
  });

  app.get("/v1/integrations/me", gate, oauthOnly, (req, res) => {
    sendJson(req, res, { integration: companyOf(res).integration });
  });

  app.post("/v1/integrations/enable", gate, oauthOnly, (_req, res) => {
    Object.assign(companyOf(res).integration, { active: true, status: "active" });
    res.status(204).end();
  });

  app.post("/v1/integrations/disable", gate, oauthOnly, (_req, res) => {
    Object.assign(companyOf(res).integration, { active: false, status: "installed" });
    res.status(204).end();
  });
}
