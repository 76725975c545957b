import type { KeyArrival } from "../companies/keys";
import {
  canSignIn,
  readConfig,
  readKeysConfig,
  type Config,
  type KeysConfig,
  type SettingsOptions,
  type SignInConfig,
} from "../config/config";
import { isLoopback } from "../config/urls";
import { ownOptions } from "../config/own-options";
import { refuseRequest } from "../config/refuse-request";
import { ConfigError } from "../errors/errors";
import type { AuditHooks } from "../companies/audit";
import type { Hooks } from "../companies/hooks/app-hooks";
import type { RecordingLinkSettings } from "../companies/recording-links";
import { readVerify, type Verify } from "../sign-in/verify/verify";
import { appKey } from "../grants/session-grants";
import type { GrantStore } from "../grants/store";
import { auditOptionNames, readAuditOptions, type AuditOptions } from "./audit-options";
import { hookOptionNames, readHookOptions, type HookOptions } from "./hook-options";
import { readRecordingLinks, type RecordingLinksOption } from "./recording-link-options";
import { grantOptionNames, readGrantOptions, type GrantOptions, type GrantSettings } from "./grant-options";

/** Options of `aircallAuth()`: the settings, and what the middleware does beside. */
export interface AircallAuthOptions extends SettingsOptions, GrantOptions, AuditOptions, HookOptions {
  /** With GETANDREFRESH, or `connectKey`: decides whether a company may connect. Default: every company may. */
  verify?: Verify | undefined;
  /**
   * Links that play a recording to whoever has one, without a login: see `recordingLink()`. With OAuth they need `grants`.
   * Default: none.
   */
  recordingLinks?: RecordingLinksOption | undefined;
}

/** What the options of `aircallAuth()` come to. */
export interface AuthSettings {
  readonly config: Config | KeysConfig;
  /** See {@link appKey}; null where the app has no name. */
  readonly app: string | null;
  /** Whether companies connect, each by a grant of its own: none does where the app has one key or token. */
  readonly keepsGrants: boolean;
  readonly keeping: GrantSettings;
  /** Null where the middleware signs nobody in. */
  readonly signInConfig: SignInConfig | null;
  readonly verify: ReturnType<typeof readVerify>;
  readonly auditHooks: AuditHooks;
  readonly hooks: Hooks;
  /** Whether `verify` lets a company in that brings a key; null where there is none. */
  readonly admitKey: ((arrival: KeyArrival) => Promise<boolean>) | null;
  /** Why no company may connect by key; null where it may. */
  readonly refuseKeys: (store: GrantStore) => string | null;
  /** Null where the app makes no links to recordings. */
  readonly recordingLinks: RecordingLinkSettings | null;
}

/** @throws {ConfigError} a setting is missing or impossible, alone or beside another. */
export function readAuthOptions(options: AircallAuthOptions): AuthSettings {
  refuseRequest(options, "aircallAuth");
  const own = ownOptions(options, "aircallAuth()");
  const { grants, hold, company, app, encryptionKeys, acceptUnsealed, disableOnDisconnect, verify, ...others } = own;
  const { onAudit, actor, onConnect, onDisconnect, onHookError, recordingLinks, ...settings } = others;
  const otherOptions = [...grantOptionNames, ...auditOptionNames, ...hookOptionNames, "verify", "recordingLinks"];
  const read = grants !== undefined && hold === "company" ? readKeysConfig : readConfig;
  const config = read(settings, { door: "middleware", otherOptions });
  const given = { grants, hold, company, app, encryptionKeys, acceptUnsealed, disableOnDisconnect };
  const keeping = readGrantOptions(given, config);
  const signInConfig = signsIn(config) ? config : null;
  const isAsked = signInConfig !== null || config.scheme === "Keys";
  if (!isAsked && (verify !== undefined || (config.scheme === "OAuth" && config.companies)))
    throw new ConfigError(nobodyAsks);
  if (signInConfig?.staticTokens) throw new ConfigError(nobodySignsIn);
  const ask = readVerify(verify);
  const refuseKeys = (store: GrantStore) => whyNoKeys(config, store);
  const reason = config.scheme === "Keys" ? refuseKeys(keeping.grants!) : null;
  if (reason !== null) throw new ConfigError(reason);
  const keepsGrants = config.scheme === "Keys" || (config.scheme === "OAuth" && !config.staticTokens);
  const needsStore = keepsGrants && grants === undefined;
  return {
    config,
    app: appOf(config, keeping),
    keepsGrants,
    keeping,
    signInConfig,
    verify: ask,
    admitKey: verify === undefined ? null : async (arrival) => Boolean((await ask(asArrival(arrival), {})).user),
    refuseKeys,
    auditHooks: readAuditOptions({ onAudit, actor }),
    hooks: readHookOptions({ onConnect, onDisconnect, onHookError }, { config, grants: keeping.grants, keepsGrants }),
    recordingLinks: readRecordingLinks(recordingLinks, { config, needsStore }),
  };
}

function appOf(config: Config | KeysConfig, { app }: GrantSettings): string | null {
  if (config.scheme === "Keys") return appKey(`keys ${app}`);
  return config.scheme === "OAuth" && config.client ? appKey(config.client.id) : null;
}

/** `verify` is asked only where a request brings the key. */
function asArrival({ account, companyRef, key, req }: KeyArrival): Parameters<ReturnType<typeof readVerify>>[0] {
  const tokens = { accessToken: key.password, refreshToken: null, expiresAt: null, obtainedAt: new Date() };
  return { account, companyRef, tokens, req: req!, repeated: false };
}

function whyNoKeys(config: Config | KeysConfig, store: GrantStore): string | null {
  if (config.scheme === "OAuth" && config.companies) return idsOnly;
  return store.seals || isLoopback(new URL(config.apiUrl).hostname) ? null : unsealed;
}

const idsOnly =
  "companies lists Aircall's ids of those who may connect, and a key tells no id: let verify decide, or leave it out.";

const unsealed =
  "API keys of companies are kept sealed only: give the store in grants its encryptionKeys, such as " +
  "redisGrants(client, { encryptionKeys: [process.env.GRANTS_KEY] }).";

function signsIn(config: Config | KeysConfig): config is SignInConfig {
  return canSignIn(config) && config.initiateOAuth === "GETANDREFRESH";
}

const nobodyAsks =
  "`verify` and `companies` are asked by the sign-in routes of InitiateOAuth=GETANDREFRESH. " +
  "Where Passport signs people in, give them to AircallStrategy.";

const nobodySignsIn =
  "OAuthAccessToken is one company's token for all visitors, and InitiateOAuth=GETANDREFRESH lets each connect their " +
  "own. Remove one of them.";
