import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface OidcProviderSettings {
  readonly redirectUri: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Whether a sign-in without a code challenge is refused. Default false: accepted and, when sent, checked. */
  readonly pkceRequired?: boolean;
  /** Whether a refresh token works once only. Default true. */
  readonly rotateRefreshToken?: boolean;
  readonly accessTokenSeconds?: number;
}

export interface OidcProvider {
  /** What it sends as `iss`. */
  readonly issuer: string;
  readonly authorizeUrl: string;
  /** Takes form bodies only. */
  readonly tokenUrl: string;
  stop(): Promise<void>;
}

const defaults = {
  clientId: "a-client",
  clientSecret: "a-secret-of-the-client",
  pkceRequired: false,
  rotateRefreshToken: true,
  accessTokenSeconds: 600,
};

/** Starts the npm package oidc-provider on a port of its own. It signs in whoever asks, without a page in between. */
export async function startOidcProvider(settings: OidcProviderSettings): Promise<OidcProvider> {
  const script = join(__dirname, "oidc-provider-process.mjs");
  const child = spawn(process.execPath, [script, JSON.stringify({ ...defaults, ...settings })]);
  const exited = once(child, "exit");
  const { issuer } = await firstLine(child);

  return {
    issuer,
    authorizeUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function firstLine({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<{ issuer: string }> {
  let complaints = "";
  stderr.on("data", (text) => (complaints += String(text)));
  for await (const line of createInterface(stdout)) return JSON.parse(line) as { issuer: string };
  throw new Error(`oidc-provider did not start:\n${complaints}`);
}
