import { inspect } from "node:util";
import type { Request } from "express";
import OAuth2Strategy = require("passport-oauth2");
import { canSignIn, readConfig, type SettingsOptions, type SignInConfig } from "../config/config";
import { ownOptions } from "../config/own-options";
import { flag } from "../config/values";
import { ConfigError, SignInError } from "../errors/errors";
import { isCallback } from "../sign-in/callback";
import { profileOf, type Profile } from "../sign-in/profile";
import { parameterOf } from "../sign-in/request-target";
import { safeReturnTo } from "../sign-in/return-to";
import { RefusedByApp } from "../sign-in/refused-by-app";
import { createSignIn, type SignIn } from "../sign-in/sign-in";
import type {
  ClassicVerify,
  ClassicVerifyWithParams,
  ClassicVerifyWithRequest,
  ClassicVerifyWithRequestAndParams,
} from "../sign-in/verify/classic-verify";
import type { Arrival } from "../sign-in/verify/arrival";
import { readVerify, type AnyVerify, type Verify } from "../sign-in/verify/verify";
import { createGetOAuthAccessToken } from "./token-request";

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how Passport lets others add to what it tells
  namespace Express {
    /** What `req.authInfo` says after the callback. */
    interface AuthInfo {
      /** The company that was connected. */
      account?: Arrival["account"] | undefined;
      /** Where the person wanted to go, as an address of this app; null where that is not known. */
      returnTo?: string | null | undefined;
      /** Whether they came by the route that Aircall knows as `install_uri`. */
      install?: boolean | undefined;
    }
  }
}

/** Options of `new AircallStrategy()`. */
export interface AircallStrategyOptions extends SettingsOptions {
  /** Default false. */
  passReqToCallback?: false | undefined;
}

/** The same for a classic `verify` that takes the request. */
export interface AircallStrategyOptionsWithRequest extends SettingsOptions {
  /** Puts the request before the other parameters of a classic `verify`. */
  passReqToCallback: true;
}

/** What `passport.authenticate("aircall", options)` may say, besides Passport's own options. */
export interface AircallAuthenticateOptions {
  /**
   * Where the person wanted to go: a path of this app, found again in `req.authInfo.returnTo` after the callback. Default:
   * what `return_to` of the query says, which `aircallErrors({ signInPath })` sets.
   */
  returnTo?: string | undefined;
  /** Set by `passport.authorize()`: the company joins those already connected, in place of replacing them. */
  assignProperty?: string | undefined;
  /** For the route registered as `install_uri`; `req.authInfo.install` tells after the callback. Default false. */
  install?: boolean | undefined;
}

/** Errors after which the person may simply try again. */
const tryAgain = ["sign_in_denied", "sign_in_refused", "sign_in_state", "sign_in_callback"];

/**
 * Passport's way to sign in with Aircall, under the name `aircall`. One route sends people to Aircall with
 * `passport.authenticate("aircall")`, and the route of `CallbackURL` receives them with the same call. Settings come
 * from the options, a connection string or the environment. Without `verify` the connected account is the user.
 * Fails with 400 or 403 when the person may try again; an `error` is this app's or Aircall's.
 */
export class AircallStrategy extends OAuth2Strategy {
  private readonly signIn: SignIn;
  private readonly config: SignInConfig;

  /** @throws {ConfigError} when a setting is missing or impossible. */
  constructor(verify?: Verify);
  constructor(options: AircallStrategyOptions, verify?: Verify);
  constructor(options: AircallStrategyOptions, verify: ClassicVerify | ClassicVerifyWithParams);
  constructor(options: AircallStrategyOptionsWithRequest, verify: ClassicVerifyWithRequest);
  constructor(options: AircallStrategyOptionsWithRequest, verify: ClassicVerifyWithRequestAndParams);
  constructor(
    optionsOrVerify: AircallStrategyOptions | AircallStrategyOptionsWithRequest | Verify = {},
    secondVerify?: AnyVerify,
  ) {
    const { options, verify } = readInputs(optionsOrVerify, secondVerify);
    const { passReqToCallback = false, ...settings } = options;
    const config = readConfig(settings, { door: "strategy", otherOptions: ["passReqToCallback"] });
    if (!canSignIn(config)) throw new ConfigError("AircallStrategy signs in with OAuth: AuthScheme cannot be Basic.");

    super(optionsForParent(config), () => undefined);
    this.name = "aircall";
    this.config = config;
    this.signIn = createSignIn(config, readVerify(verify, { passReqToCallback }));
    Object.defineProperty(this._oauth2, "_clientSecret", { enumerable: false });
    // Add-ons copy this function to an object of their own, so it reads nothing from the one it is put on.
    Object.assign(this._oauth2, { getOAuthAccessToken: createGetOAuthAccessToken(this.signIn.endpoint) });
  }

  /** Called by Passport, which has just put this request's actions on `this`; the next request overwrites them. */
  override authenticate(
    req: Parameters<OAuth2Strategy["authenticate"]>[0],
    options: AircallAuthenticateOptions = {},
  ): void {
    const run = Object.create(this, Object.getOwnPropertyDescriptors(this)) as this;
    run.serve(req, options).catch((thrown: unknown) => run.refuse(thrown));
  }

  /** The company a token belongs to, as a Passport profile. */
  override userProfile(accessToken: string, done: (error?: unknown, profile?: Profile) => void): void {
    this.signIn.readAccount(accessToken).then((account) => done(null, profileOf(account)), done);
  }

  toJSON(): object {
    return { name: this.name, callbackURL: this.config.callbackUrl };
  }

  [inspect.custom](): string {
    return `AircallStrategy ${JSON.stringify(this)}`;
  }

  private async serve(req: Request, options: AircallAuthenticateOptions): Promise<void> {
    const res = req.res;
    if (!res) throw new ConfigError("AircallStrategy works in Express only: this request has no `res`.");
    const wanted = ownOptions(options, "passport.authenticate()");
    const add = wanted.assignProperty !== undefined;

    if (!isCallback(req, this.config)) {
      const page = wanted.returnTo ?? parameterOf(req, "return_to");
      const returnTo = safeReturnTo(page, new URL(this.config.callbackUrl).origin);
      const extra = this.authorizationParams(options) as Record<string, string>;
      this.redirect(await this.signIn.begin(req, res, { returnTo, add, install: wanted.install ?? false, extra }));
      return;
    }
    const extra = this.tokenParams(options) as Record<string, string>;
    const { user, info, account, attempt } = await this.signIn.finish(req, res, { add, extra });
    const { returnTo, install } = attempt;
    this.success(user as Express.User, { account, returnTo, install, ...info });
  }

  private refuse(thrown: unknown): void {
    if (!(thrown instanceof SignInError) || !tryAgain.includes(thrown.code)) return this.error(thrown);
    const info = thrown instanceof RefusedByApp ? thrown.info : undefined;
    this.fail({ message: thrown.message, code: thrown.code, ...info }, thrown.status);
  }
}

type Options = SettingsOptions & { readonly passReqToCallback?: boolean };

function readInputs(first: unknown, second: unknown): { options: Options; verify: AnyVerify | undefined } {
  if (typeof first === "function" && second !== undefined) {
    throw new ConfigError("new AircallStrategy(options, verify): the options come first, and verify is one function.");
  }
  const [given, verify] = typeof first === "function" ? [{}, first] : [first, second];
  const options = ownOptions(given as Options, "AircallStrategy");
  if ("verify" in options)
    throw new ConfigError("Give verify behind the options: new AircallStrategy(options, verify).");
  const { passReqToCallback } = options;
  if (passReqToCallback !== undefined) flag({ value: passReqToCallback, name: "passReqToCallback", fromText: false });
  return { options, verify: verify as AnyVerify | undefined };
}

function optionsForParent(config: SignInConfig): OAuth2Strategy.StrategyOptions {
  const options = {
    authorizationURL: config.authorizeUrl,
    tokenURL: config.tokenUrl,
    clientID: config.client.id,
    clientSecret: config.client.secret,
    callbackURL: config.callbackUrl,
    scope: config.scope,
  };
  return ownOptions<OAuth2Strategy.StrategyOptions>(options, "passport-oauth2");
}
