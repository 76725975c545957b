import { parseArgs } from "node:util";
import { canSignIn, type SignInConfig } from "../config/config";
import { sha256 } from "../config/sha256";
import { isLoopback } from "../config/urls";
import { ConfigError, SignInError } from "../errors/errors";
import { accepted, byConsent, type Account } from "../grants/grant";
import { keepForCompany } from "../grants/ownership";
import { appKey } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import { createTransport } from "../http/transport/choose";
import { authorizeUrl } from "../oauth/authorize-url";
import { createTokenEndpoint, type TokenEndpoint } from "../oauth/token-endpoint";
import { TokenRefusal } from "../oauth/token-refusal";
import { newAttempt, sameText, type Attempt } from "../sign-in/attempt";
import { readCallback } from "../sign-in/callback";
import { createAccountReader } from "../sign-in/profile";
import { readCode } from "../sign-in/sign-in";
import { commonOptions, connectionHelp, grantsOf, readArguments, readKeeping, toKeep } from "./connection";
import { companyText, endGrants } from "./kept";
import { byListening, type Answer, type Place } from "./login-listener";
import { byPasting } from "./login-paste";
import { Failure, ownTerminal, report, UsageError, type Report, type Terminal } from "./terminal";

const help = `Usage: express-aircall login [options]

Connects one Aircall company, and keeps its grant in the file OAuthSettingsLocation, sealed, for scripts, cron jobs and
workers with the same settings. Prints the address to open in a browser, and waits five minutes for the answer.

${connectionHelp}  --listen 127.0.0.1:<port>  takes the answer here, where a tunnel leads CallbackURL to. Loopback only
  --paste                  takes the answer as the whole address that the browser ends at, pasted here. The default, but
                           where CallbackURL is of this machine
  --pkce                   with a proof key (S256), which Aircall does not document
`;

/** Runs `login …`. Resolves to its exit code. */
export function runLogin(args: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  return report(terminal, { name: "login", json: args.includes("--json") }, async () => {
    const listen = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = { ...commonOptions, listen, paste: flag, pkce: flag };
    const asked = readArguments(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    if (asked.help) return { text: help, json: { help } };
    const config = readLogin(asked.connection, terminal.env);
    const place = placeOf(asked, config);
    return login({ ...config, pkce: asked.pkce ?? false }, place, {
      ...terminal,
      stdout: asked.json ? terminal.stderr : terminal.stdout,
    });
  });
}

function readLogin(connection: string | undefined, env: NodeJS.ProcessEnv): SignInConfig {
  const config = readKeeping({ connection, env }, [...toKeep, "callbackUrl"]);
  if (config.initiateOAuth === "OFF") {
    throw new Failure("InitiateOAuth is OFF: nobody signs in. Set it to GETANDREFRESH, or to REFRESH.");
  }
  if (!canSignIn(config)) throw new ConfigError("Signing in needs OAuthClientId, OAuthClientSecret and CallbackURL.");
  return config;
}

/** Where to listen; null to have the answer pasted. */
function placeOf({ listen, paste }: { listen?: string; paste?: boolean }, { callbackUrl }: SignInConfig): Place | null {
  if (listen !== undefined && paste) throw new UsageError("Choose one of --listen and --paste.");
  if (listen !== undefined) return readPlace(listen);
  const { protocol, hostname, port } = new URL(callbackUrl);
  const here = !paste && protocol === "http:" && isLoopback(hostname);
  return here ? readPlace(`${hostname}:${port || 80}`) : null;
}

function readPlace(listen: string): Place {
  const [, host = "", digits = ""] = /^(.+):(\d{1,5})$/.exec(listen) ?? [];
  if (!isLoopback(host)) throw new UsageError("--listen takes an address of this machine only: 127.0.0.1:<port>.");
  if (Number(digits) > 65_535) throw new UsageError("--listen takes a port from 0 to 65535.");
  return { host: host.replace(/[[\]]/g, ""), port: Number(digits) };
}

async function login(config: SignInConfig, place: Place | null, terminal: Terminal): Promise<Report> {
  const { store, path } = grantsOf(config, terminal);
  await store.check?.();
  const transport = createTransport(config.fetch, config.dispatcher);
  const wish = { returnTo: null, add: false, install: false };
  const attempt = newAttempt(config, wish, { startedAt: Date.now() });
  const asked = { url: addressOf(config, attempt), state: attempt.state, callbackUrl: config.callbackUrl };
  const answer = await (place ? byListening(place, asked, terminal) : byPasting(asked, terminal));
  try {
    const endpoint = createTokenEndpoint({ ...config, transport });
    const account = await connect({ config, store, attempt, endpoint, answer }, createAccountReader(config, transport));
    answer.say(200, "The Aircall company is connected. You can close this window.");
    return {
      text: `${companyText(account)} is connected. Its grant is kept in ${path}.\n`,
      json: { company: account, scheme: "OAuth", location: path },
    };
  } catch (error) {
    answer.say(400, "Signing in did not succeed: the terminal says why. You can close this window.");
    throw error;
  } finally {
    await answer.close();
    await transport.close();
  }
}

function addressOf(config: SignInConfig, { state, codeVerifier }: Attempt): string {
  return authorizeUrl(config, { state, ...(codeVerifier && { codeChallenge: sha256(codeVerifier) }) });
}

interface Connecting {
  readonly config: SignInConfig;
  readonly store: GrantStore;
  readonly attempt: Attempt;
  readonly endpoint: TokenEndpoint;
  readonly answer: Answer;
}

/** Exchanges the code, and keeps the grant; those that were kept here before have ended then. */
async function connect(
  { config, store, attempt, endpoint, answer }: Connecting,
  readAccount: (accessToken: string) => Promise<Account>,
): Promise<Account> {
  const callback = readCallback(answer.target);
  if (!sameText(callback.state, attempt.state)) throw new SignInError("sign_in_state", anothers);
  const code = readCode(callback, config.issuer, () => undefined);
  const { codeVerifier } = attempt;
  const exchange = { code, redirectUri: config.callbackUrl, ...(codeVerifier !== null && { codeVerifier }) };
  const { tokens } = await endpoint.exchange(exchange).catch((error: unknown) => {
    if (!(error instanceof TokenRefusal)) throw error;
    throw new SignInError("sign_in_exchange", `Aircall gave no token: ${error.message}`, error.oauthError);
  });
  const account = await readAccount(tokens.accessToken);
  if (account.id === null) throw new SignInError("sign_in_profile", "Aircall did not say which company this is.");
  const app = appKey(config.client.id);
  const grant = { ...tokens, ...accepted, ...byConsent, app, account, connectedAt: tokens.obtainedAt };
  const id = await keepForCompany(store, grant, { company: account.id });
  await endGrants(store, app, id);
  return account;
}

const anothers = "This sign-in was not begun at this terminal: its state is another's. Run the command again.";
