import { inspect } from "node:util";
import fc from "fast-check";
import { readConfig, type SettingsOptions } from "../../src/config/config";
import type { Door } from "../../src/config/sources";
import type { AircallError } from "../../src/errors/errors";
import { refusalIn, refusalOf } from "./refusal";

const secret = "sentinel-0f9e8d7c";

const secretOptions = {
  password: secret,
  oauthClientSecret: secret,
  previousClientSecret: secret,
  oauthAccessToken: secret,
  oauthRefreshToken: secret,
} satisfies SettingsOptions;

const read = (options: object, env: NodeJS.ProcessEnv = {}, door: Door = "middleware") =>
  readConfig(options, { door, env });

describe("a configuration", () => {
  const basic = read({ authScheme: "Basic", user: "id", ...secretOptions });
  const oauth = read({ authScheme: "OAuth", oauthClientId: "id", ...secretOptions });

  it.each([
    ["inspected", inspect(oauth)],
    ["inspected in depth", inspect({ a: { b: oauth } }, { depth: 10, showHidden: true })],
    ["inspected at its surface", inspect(oauth, { depth: 0 })],
    ["as JSON", JSON.stringify({ oauth })],
    ["with Basic, inspected", inspect(basic, { depth: 10, showHidden: true })],
    ["with Basic, as JSON", JSON.stringify(basic)],
    ["in parts, inspected", inspect(oauth.scheme === "OAuth" && [oauth.client, oauth.staticTokens])],
    ["in parts, as JSON", JSON.stringify(oauth.scheme === "OAuth" && [oauth.client, oauth.staticTokens])],
  ])("shows no secret %s", (_how, shown) => {
    expect(shown).not.toContain(secret);
  });

  it("shows the rest, and that a secret is there", () => {
    expect(JSON.parse(JSON.stringify(read({ ...secretOptions, oauthClientId: "id", companies: [7] })))).toMatchObject({
      client: { id: "id", secret: "[secret]" },
      staticTokens: { accessToken: "[secret]", expiresAt: null },
      companies: [7],
    });
    expect(inspect(read({ oauthAccessToken: secret }))).toContain("refreshToken: null");
  });
});

describe("a ConfigError", () => {
  const wrongs = [
    ...["a\nb", " \0", `${secret}\r\n`, `${secret} é`, ""].flatMap((wrong) =>
      Object.keys(secretOptions).map((name) => ({ [name]: wrong })),
    ),
    ...Object.keys(secretOptions).map((name) => ({ [name]: [secret] })),
    ...Object.keys(secretOptions).map((name) => ({ [name]: { [secret]: secret } })),
    { pasword: secret },
    { callbackUrl: `https://me:${secret}@a.example` },
    { callbackUrl: `http://a.example/?key=${secret}` },
    { callbackUrl: `ftp://:${secret}@a.example` },
    { apiUrl: `https://a.example/?key=${secret}` },
    { connection: `Pasword=${secret}` },
    { connection: `Password=${secret};${secret}` },
    { connection: `Password=a;${secret}=b` },
    { connection: `AuthScheme=Basic Password=${secret}` },
    { connection: `Profile=AirCall.apip Password=${secret}` },
    { connection: `OAuthExpiresIn=60 OAuthClientSecret=${secret}` },
    { connection: `Password="${secret}` },
    { connection: `Password="${secret}"${secret}` },
    { connection: secret },
    { connection: [secret] },
    { oauthClientId: "id", user: "id" },
  ];

  const complete = { ...secretOptions, oauthClientId: "id", authScheme: "OAuth" as const };
  const basic = { user: "id", password: secret, authScheme: "Basic" as const };
  const environment = { AIRCALL_CLIENT_SECRET: secret, AIRCALL_API_TOKEN: secret };

  const refusals = wrongs.flatMap((wrong) => {
    const base = "connection" in wrong ? { oauthClientId: "id" } : complete;
    const thrown = [
      refusalIn(() => read({ ...base, ...wrong })),
      refusalIn(() => read({ ...basic, ...wrong })),
      refusalIn(() => read(wrong, environment, "strategy")),
    ];
    return thrown.filter((error) => error !== null);
  });

  it("is thrown for each of these settings", () => {
    expect(wrongs.filter((wrong) => refusalIn(() => read(wrong, environment, "strategy")) === null)).toEqual([]);
    expect(refusals.length).toBeGreaterThan(wrongs.length);
  });

  it.each([
    ["message", (error: AircallError) => error.message],
    ["stack", (error: AircallError) => String(error.stack)],
    ["inspection", (error: AircallError) => inspect(error, { depth: 10, showHidden: true })],
    ["JSON", (error: AircallError) => JSON.stringify(error)],
  ])("has no secret in its %s", (_where, shown) => {
    expect(refusals.filter((error) => shown(error).includes(secret))).toEqual([]);
  });

  it("says nothing of the value of a secret with a wrong type", () => {
    expect(refusalOf(() => read({ ...complete, oauthClientSecret: 31337 })).message).not.toContain("31337");
  });

  it("has no secret, however the pairs of a connection string run into each other", () => {
    const pair = fc.constantFrom(
      ...["Password", "OAuthClientSecret", "OAuthAccessToken", "Pasword"].map((name) => `${name}=${secret}`),
      ...["User=id", "AuthScheme=Basic", "InitiateOAuth=OFF", "Timeout=5", "Profile=AirCall.apip", "Colour=red", "x"],
    );
    const glue = fc.constantFrom(";", ";;", " ", "\n", "", "=", '"', "'", ',"');
    const connection = fc
      .array(fc.tuple(pair, glue), { minLength: 2, maxLength: 6 })
      .map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(connection, (connection) => {
        expect(inspect(refusalIn(() => read({ connection })))).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });
});
