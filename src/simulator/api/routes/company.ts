import type { IRouter } from "express";
import { done, ok } from "../answers";
import type { AddEndpoint } from "../endpoint";
import { flagText } from "../query";

export function addCompanyRoutes(app: IRouter, endpoint: AddEndpoint): void {
  // What Aircall answers here without any credential.
  app.get("/", (req, res, next) => {
    if (req.accepts(["json", "html"]) === "html") return next();
    res.json({ resource: "Aircall API (simulated)", contact: "https://developers.aircall.io" });
  });

  endpoint("GET /v1/ping", {}, () => ok({ ping: "pong" }));

  endpoint("GET /v1/company", {}, ({ company: { name, users, numbers } }) =>
    ok({ company: { name, users_count: users.length, numbers_count: numbers.length } }),
  );

  endpoint("GET /v1/integrations/me", { oauthOnly: true }, ({ company: { integration } }) => ok({ integration }));

  endpoint("POST /v1/integrations/enable", { oauthOnly: true, query: { install: flagText } }, ({ company }) => {
    Object.assign(company.integration, { active: true, status: "active" });
    return done;
  });

  endpoint("POST /v1/integrations/disable", { oauthOnly: true }, ({ company }) => {
    Object.assign(company.integration, { active: false, status: "installed" });
    return done;
  });
}
