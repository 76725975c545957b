/** Only has to compile: what a reader may write without annotations, and each misuse that is refused. */
import type { Request } from "express";
import {
  aircallAuth,
  AircallStrategy,
  classicVerify,
  type Account,
  type ClassicVerify,
  type Profile,
  type VerifyCallback,
} from "express-aircall";
import type { VerifyCallback as PassportsVerifyCallback } from "passport-oauth2";

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** Takes a value of this very type and no other. */
function exactly<Expected>() {
  return <Actual>(_value: Actual, ..._proof: Same<Expected, Actual> extends true ? [] : [never]) => undefined;
}

const settings = { oauthClientId: "id", oauthClientSecret: "secret", callbackUrl: "http://localhost/callback" };
const users = { of: (id: number | string | null) => Promise.resolve({ id }) };

export const absent = [new AircallStrategy(), new AircallStrategy(settings)];

export const objectForm = [
  new AircallStrategy(async ({ account, tokens, req }) => {
    exactly<Account>()(account);
    exactly<string | null>()(tokens.refreshToken);
    exactly<Request>()(req);
    return users.of(account.id);
  }),
  new AircallStrategy(settings, async ({ account }) => users.of(account.id)),
  new AircallStrategy(settings, ({ account }) => account.id === 7 && { id: 7 }),
  new AircallStrategy(settings, () => false),
  new AircallStrategy(settings, async () => {}),
  new AircallStrategy({ ...settings, passReqToCallback: false }, ({ account }) => account),
];

/** TypeScript picks a form before it counts parameters, so without the request these name their types or their form. */
export const classicForms = [
  new AircallStrategy(settings, ((accessToken, refreshToken, profile, done) => {
    exactly<string>()(accessToken);
    exactly<string | null>()(refreshToken);
    exactly<Profile>()(profile);
    exactly<VerifyCallback>()(done);
  }) satisfies ClassicVerify),
  new AircallStrategy(settings, async (_accessToken: string, _refreshToken: string | null, profile: Profile) =>
    users.of(profile.id),
  ),
  new AircallStrategy(settings, (_access: string, _refresh: string | null, profile: Profile, done: VerifyCallback) =>
    done(null, profile),
  ),
  new AircallStrategy(
    { ...settings, passReqToCallback: false },
    (_access: string, _refresh: string | null, params: object, profile: Profile, done: VerifyCallback) =>
      done(null, false, { message: `${profile.displayName} ${Object.keys(params).join()}` }),
  ),
];

export const withRequest = [
  new AircallStrategy({ ...settings, passReqToCallback: true }, async (req, accessToken, refreshToken, profile) => {
    exactly<Request>()(req);
    exactly<string>()(accessToken);
    exactly<string | null>()(refreshToken);
    exactly<Profile>()(profile);
    return users.of(profile.id);
  }),
  new AircallStrategy({ ...settings, passReqToCallback: true }, (req, _accessToken, _refreshToken, profile, done) => {
    exactly<VerifyCallback>()(done);
    done(null, { id: profile.id, ip: req.ip });
  }),
  new AircallStrategy(
    { ...settings, passReqToCallback: true },
    (req: Request, _a: string, _r: string | null, params: object, profile: Profile, done: VerifyCallback) =>
      done(null, { id: profile.id, ip: req.ip, params }),
  ),
];

/** With its form said, nothing needs its type named. */
export const classicByName = [
  new AircallStrategy(
    settings,
    classicVerify((accessToken, refreshToken, profile, done) => {
      exactly<string>()(accessToken);
      exactly<string | null>()(refreshToken);
      exactly<Profile>()(profile);
      exactly<VerifyCallback>()(done);
    }),
  ),
  new AircallStrategy(classicVerify((...given) => given[3](null, given[2]))),
  new AircallStrategy(
    settings,
    classicVerify((_access, _refresh, params, profile, done) => done(null, { params, profile }), { params: true }),
  ),
  new AircallStrategy(
    settings,
    classicVerify((req, _access, _refresh, profile, done) => done(null, { ip: req.ip, profile }), {
      passReqToCallback: true,
    }),
  ),
  aircallAuth({ verify: classicVerify((_access, _refresh, { id }, done) => done(null, id === "7")) }),
];

/** As apps that come from another Passport strategy have it written down. */
export const annotated = new AircallStrategy(
  { clientID: "id", clientSecret: "secret", callbackURL: "http://localhost/callback" },
  (accessToken: string, refreshToken: string | null, profile: Profile, done: PassportsVerifyCallback) =>
    done(null, { accessToken, refreshToken, id: profile.id }),
);

// @ts-expect-error -- an option nobody knows
new AircallStrategy({ ...settings, clientSecrets: "typo" });
// @ts-expect-error -- verify is a function
new AircallStrategy(settings, "everyone");
// @ts-expect-error -- nor may it be null
new AircallStrategy(settings, null);
// @ts-expect-error -- what Passport calls done is not the first
classicVerify((done: VerifyCallback) => done(null, {}));
// @ts-expect-error -- the token answer comes only to those who ask for it
classicVerify((_a: string, _r: string | null, _params: object, _p: Profile, done: VerifyCallback) => done(null, {}));
// @ts-expect-error -- there is no company called that
new AircallStrategy(settings, ({ company }) => company);
// @ts-expect-error -- the refresh token may be null
new AircallStrategy(settings, (_accessToken: string, refreshToken: string, _profile: Profile) => refreshToken.length);
// @ts-expect-error -- the request comes only to those who ask for it
new AircallStrategy(settings, (req: Request, _a: string, _r: string | null, _p: Profile, _done: VerifyCallback) => req);
// @ts-expect-error -- who asks for the request has a classic form
new AircallStrategy({ ...settings, passReqToCallback: true }, ({ account }) => account);
