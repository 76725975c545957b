import { createHash } from "node:crypto";
import express, { type IRouter, type Request, type Response } from "express";
import { readText } from "../api/read-body";
import type { SimulatorSettings } from "../options";
import type { Code, CodeBook } from "./code-book";
import { answerFor, type TokenAnswer, type TokenBook } from "./token-book";

/** RFC 6749 section 5.2. Aircall does not document its errors here: these are our choice. */
type OAuthError = "invalid_request" | "invalid_client" | "invalid_grant" | "unsupported_grant_type";

export function addTokenEndpoint(
  app: IRouter,
  { codes, tokens }: { readonly codes: CodeBook; readonly tokens: TokenBook },
  settings: SimulatorSettings,
): void {
  const form = express.urlencoded({ extended: false });

  app.post("/v1/oauth/token", form, (req, res) => {
    res.set("Cache-Control", "no-store");
    const outcome = clientIsKnown(req, settings) ? exchange(req) : "invalid_client";
    if (typeof outcome === "string") return refuse(res, outcome);
    res.json(outcome);
  });

  function exchange(req: Request): TokenAnswer | OAuthError {
    const grantType = readText(req, "grant_type");
    if (grantType === "") return "invalid_request";
    if (grantType === "authorization_code") return exchangeCode(req);
    if (grantType !== "refresh_token" || settings.tokens === "permanent") return "unsupported_grant_type";
    return tokens.refresh(readText(req, "refresh_token")) ?? "invalid_grant";
  }

  function exchangeCode(req: Request): TokenAnswer | OAuthError {
    const code = codes.find(readText(req, "code"));
    if (!code) return "invalid_grant";
    if (code.grant) {
      if (settings.reuseDetection === "strict") tokens.revoke(code.grant);
      return "invalid_grant";
    }
    if (code.redirectUri !== readText(req, "redirect_uri")) return "invalid_grant";
    if (!proves(readText(req, "code_verifier"), code)) return "invalid_grant";

    code.grant = tokens.issue(code.companyId);
    return answerFor(code.grant.current, settings);
  }
}

/** In the body only: Aircall's clients never send these as a header. */
function clientIsKnown(req: Request, { clientId, clientSecret }: SimulatorSettings): boolean {
  return readText(req, "client_id") === clientId && readText(req, "client_secret") === clientSecret;
}

/** RFC 7636 section 4.6. */
function proves(verifier: string, { challenge }: Code): boolean {
  return challenge === null || createHash("sha256").update(verifier).digest("base64url") === challenge;
}

function refuse(res: Response, error: OAuthError): void {
  res.status(error === "invalid_client" ? 401 : 400).json({ error });
}
