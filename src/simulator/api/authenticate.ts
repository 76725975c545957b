import type { RequestHandler, Response } from "express";
import type { Company } from "../data/company";
import type { TokenBook } from "../oauth/token-book";
import { refuse, refuseAtEdge } from "./answers";

/** Basic or bearer, with Aircall's measured answers: 401 without a credential, 403 with one that is not good. */
export function authenticate(companies: readonly Company[], book: TokenBook): RequestHandler {
  return function authenticate(req, res, next) {
    const header = req.get("authorization");
    if (header === undefined) return refuseAtEdge(res, 401, "There is no Authorization header");

    const [scheme = "", credential = ""] = header.split(" ", 2);
    const bearer = scheme.toLowerCase() === "bearer" ? book.lookUp(credential) : null;
    // Our choice: no token of Aircall's expires today. A revoked one is 403, so this answer can only mean "renew".
    if (bearer === "expired") return refuseAtEdge(res, 401, "This token has expired");
    if (bearer === "revoked") return refuseAtEdge(res, 403, "This token was revoked");

    const company = bearer
      ? companies.find(({ id }) => id === bearer.companyId)
      : scheme.toLowerCase() === "basic" && companyWithKey(companies, credential);
    if (!company) return refuseAtEdge(res, 403, reasons[scheme.toLowerCase()] ?? "Neither Basic nor Bearer");

    res.locals["company"] = company;
    res.locals["oauth"] = bearer !== null;
    next();
  };
}

const reasons: Readonly<Record<string, string>> = {
  bearer: "There is no such token",
  basic: "There is no such API key",
};

/** Refuses API keys, for what Aircall keeps to OAuth apps. */
export const oauthOnly: RequestHandler = function oauthOnly(_req, res, next) {
  if (res.locals["oauth"] === true) return next();
  refuse(res, 403, "This endpoint is for apps connected with OAuth");
};

/** The company whose credential came with this request. */
export function companyOf(res: Response): Company {
  return res.locals["company"] as Company;
}

function companyWithKey(companies: readonly Company[], credential: string): Company | undefined {
  const key = Buffer.from(credential, "base64").toString("utf8");
  return companies.find(({ apiId, apiToken }) => `${apiId}:${apiToken}` === key);
}
