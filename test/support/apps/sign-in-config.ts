import { canSignIn, readConfig, type SettingsOptions, type SignInConfig } from "../../../src/config/config";

/** A complete configuration that signing in can work with, changed where told. */
export function signInConfig(changes: SettingsOptions = {}): SignInConfig {
  const settings = {
    authScheme: "OAuth",
    oauthClientId: "client-1",
    oauthClientSecret: "s3cret-s3cret",
    callbackUrl: "https://app.example/auth/aircall/callback",
  } as const;
  const config = readConfig({ ...settings, ...changes }, { door: "strategy", env: {} });
  if (!canSignIn(config)) throw new Error("These settings cannot sign anyone in.");
  return config;
}
