/** Packages that bring no types, as far as tests use them. */
declare module "cookie-session" {
  export default function cookieSession(options: { secret: string }): import("express").RequestHandler;
}

declare module "passport-oauth2-refresh" {
  type Done = (error: Error | null, accessToken?: string, refreshToken?: string, params?: object) => void;

  export class AuthTokenRefresh {
    use(name: string, strategy: object): void;
    requestNewAccessToken(name: string, refreshToken: string, done: Done): void;
    requestNewAccessToken(name: string, refreshToken: string, params: object, done: Done): void;
  }
}
