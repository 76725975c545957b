import { canSignIn, readConfig, type Config, type SettingsOptions, type SignInConfig } from "../config/config";
import { ownOptions } from "../config/own-options";
import { refuseRequest } from "../config/refuse-request";
import { ConfigError } from "../errors/errors";
import type { AuditHooks } from "../companies/audit";
import { readVerify, type Verify } from "../sign-in/verify/verify";
import { auditOptionNames, readAuditOptions, type AuditOptions } from "./audit-options";
import { grantOptionNames, readGrantOptions, type GrantOptions, type GrantSettings } from "./grant-options";

export interface AircallAuthOptions extends SettingsOptions, GrantOptions, AuditOptions {
  /** With GETANDREFRESH: decides whether a company may connect. Default: every company may. */
  verify?: Verify | undefined;
}

/** What the options of `aircallAuth()` come to. */
export interface AuthSettings {
  readonly config: Config;
  readonly keeping: GrantSettings;
  /** Null where the middleware signs nobody in. */
  readonly signInConfig: SignInConfig | null;
  readonly verify: ReturnType<typeof readVerify>;
  readonly auditHooks: AuditHooks;
}

/** @throws {ConfigError} a setting is missing or impossible, alone or beside another. */
export function readAuthOptions(options: AircallAuthOptions): AuthSettings {
  refuseRequest(options, "aircallAuth");
  const own = ownOptions(options, "aircallAuth()");
  const { grants, hold, company, encryptionKeys, acceptUnsealed, disableOnDisconnect, verify, ...others } = own;
  const { onAudit, actor, ...settings } = others;
  const otherOptions = [...grantOptionNames, ...auditOptionNames, "verify"];
  const config = readConfig(settings, { door: "middleware", otherOptions });
  const given = { grants, hold, company, encryptionKeys, acceptUnsealed, disableOnDisconnect };
  const keeping = readGrantOptions(given, config);
  const signInConfig = signsIn(config) ? config : null;
  if (!signInConfig && (verify !== undefined || (config.scheme === "OAuth" && config.companies)))
    throw new ConfigError(nobodyAsks);
  if (signInConfig?.staticTokens) throw new ConfigError(nobodySignsIn);
  const auditHooks = readAuditOptions({ onAudit, actor });
  return { config, keeping, signInConfig, verify: readVerify(verify), auditHooks };
}

function signsIn(config: Config): config is SignInConfig {
  return canSignIn(config) && config.initiateOAuth === "GETANDREFRESH";
}

const nobodyAsks =
  "`verify` and `companies` are asked by the sign-in routes of InitiateOAuth=GETANDREFRESH. " +
  "Where Passport signs people in, give them to AircallStrategy.";

const nobodySignsIn =
  "OAuthAccessToken is one company's token for all visitors, and InitiateOAuth=GETANDREFRESH lets each connect their " +
  "own. Remove one of them.";
