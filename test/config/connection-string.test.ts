import fc from "fast-check";
import {
  type ConnectionSettings,
  formatConnectionString,
  parseConnectionString,
} from "../../src/config/connection-string";
import { anyUnicode } from "../support/any-text";
import { refusalIn, refusalOf } from "./refusal";

describe("parseConnectionString", () => {
  it("reads a Basic string with a Windows path and a trailing semicolon", () => {
    const text = "Profile=C:\\profiles\\AirCall.apip;User=my_api_id;Password=my_api_token;";
    expect(parseConnectionString(text)).toEqual({
      Profile: "C:\\profiles\\AirCall.apip",
      User: "my_api_id",
      Password: "my_api_token",
    });
  });

  it("reads an OAuth string in mixed case, leaving the URL to whoever uses it", () => {
    const text =
      "Profile=C:\\profiles\\AirCall.apip;Authscheme=OAuth;InitiateOAuth=GETANDREFRESH;" +
      "OAuthClientId=your_client_id;OAuthClientSecret=your_client_secret;CallbackUrl=your_callback_url;";
    expect(parseConnectionString(text)).toEqual({
      Profile: "C:\\profiles\\AirCall.apip",
      AuthScheme: "OAuth",
      InitiateOAuth: "GETANDREFRESH",
      OAuthClientId: "your_client_id",
      OAuthClientSecret: "your_client_secret",
      CallbackURL: "your_callback_url",
    });
  });

  it.each<[string, string, ConnectionSettings]>([
    ["nothing", "", {}],
    ["only separators", " ; ;; ", {}],
    ["no last semicolon", "User=a;Password=b", { User: "a", Password: "b" }],
    ["names in any case with blanks", "user=a; O Auth client ID =b", { User: "a", OAuthClientId: "b" }],
    ["blanks around a value", "User =  a b  ;", { User: "a b" }],
    ["an equals sign in a value", "Password=YWJj==;", { Password: "YWJj==" }],
    ["double quotes", 'Password="a;b=c";User=u', { Password: "a;b=c", User: "u" }],
    ["single quotes", "Password='a;\"b' ;User=u", { Password: 'a;"b', User: "u" }],
    ["doubled quotes", `Password="say ""hi"";";Scope='it''s'`, { Password: 'say "hi";', Scope: "it's" }],
    ["a quote inside an unquoted value", `Password=a"b'c`, { Password: `a"b'c` }],
    ["blanks inside quotes", 'Password="  a "', { Password: "  a " }],
    ["an empty value", 'User=;Password=""', { User: "", Password: "" }],
    ["a duplicate, the last of which counts", "User=a;USER=b", { User: "b" }],
    ["enums in any case", "authscheme=oauth;initiateoauth=off", { AuthScheme: "OAuth", InitiateOAuth: "OFF" }],
    ["a byte order mark and line breaks", "\ufeffUser=a;\r\nPassword=b;\r\n", { User: "a", Password: "b" }],
  ])("reads %s", (_what, text, settings) => {
    expect(parseConnectionString(text)).toEqual(settings);
  });

  it.each([
    ["a misspelled name", "Passwrod=x", 'Unknown property "Passwrod" (connection string). Did you mean "Password"?'],
    ["an option's name", "timeoutMs=5", 'Did you mean "Timeout"?'],
    ["another product's property", "User=a;Verbosity=3", 'Unknown property "Verbosity"'],
    ["a name behind a quoted secret", 'Password="a";Colour=red', 'Unknown property "Colour"'],
    ["a prototype's name", "__proto__=x", "Pair 1 has an unknown name"],
    ["another prototype's name", "constructor=x", 'Unknown property "constructor"'],
    ["a pair without a value", "User=a;Password", 'Pair 2 (connection string) has no "="'],
    ["a pair without a name", "User=a;=b", 'Pair 2 (connection string) has no name before "="'],
    ["a quote that never ends", 'Password="abc', "begins a quote that never ends"],
    ["text behind a quote", 'Password="a"b;', "has text behind its closing quote"],
    ["an unknown scheme", "AuthScheme=Digest", 'AuthScheme (connection string) must be Basic or OAuth; got "Digest"'],
    ["an empty scheme", "AuthScheme=;", "AuthScheme (connection string) must be Basic or OAuth"],
    ["an unknown way to sign in", "InitiateOAuth=ON", 'must be OFF, REFRESH or GETANDREFRESH; got "ON"'],
    ["another product's profile", "Profile=C:\\p\\Slack.apip", "Profile (connection string) names another product"],
  ])("refuses %s", (_what, text, message) => {
    expect(refusalOf(() => parseConnectionString(text)).message).toContain(message);
  });

  it.each(["AirCall.apip", "aircall.APIP", "C:\\profiles\\AirCall.apip", "/etc/profiles/AirCall.apip", "AirCall"])(
    "accepts the profile %s",
    (Profile) => {
      expect(parseConnectionString(`Profile=${Profile}`)).toEqual({ Profile });
    },
  );

  it.each([
    ["the rest of a password with an unquoted semicolon", "User=a;Password=abc;hunter=two"],
    ["the rest of a secret that has no name", "OAuthClientSecret=abc;hunter"],
    ["a token given in place of a connection string", "hunter2hunter2=="],
    ["the pair behind a forgotten semicolon", "AuthScheme=Basic Password=hunter"],
    ["the value of a misspelled name", "Pasword=hunter"],
    ["a quoted value", 'Password="hunter'],
  ])("does not repeat %s", (_what, text) => {
    expect(refusalOf(() => parseConnectionString(text)).message).not.toContain("hunter");
  });

  it("refuses what is no text", () => {
    expect(refusalOf(() => parseConnectionString(undefined as never)).message).toContain("must be text; got undefined");
  });

  it("answers an ordinary object of its own, whatever Object.prototype holds", () => {
    const settings = parseConnectionString("User=a");
    expect(Object.getPrototypeOf(settings)).toBe(Object.prototype);
    expect(Object.keys(settings)).toEqual(["User"]);
  });

  it("throws nothing but ConfigError, whatever the text", () => {
    const piece = fc.oneof(
      anyUnicode,
      fc.constantFrom(";", "=", '"', "'", "User", "Auth Scheme", "__proto__", "Profile", "Password=", "\u0000"),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (text) => {
        refusalIn(() => parseConnectionString(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("formatConnectionString", () => {
  it.each<[string, ConnectionSettings, string]>([
    ["plain values as they are", { User: "a b", Password: "YWJj==" }, "User=a b;Password=YWJj==;"],
    ["a Windows path as it is", { Profile: "C:\\profiles\\AirCall.apip" }, "Profile=C:\\profiles\\AirCall.apip;"],
    ["a semicolon in quotes", { Password: "a;b" }, 'Password="a;b";'],
    ["outer blanks in quotes", { Password: " a" }, 'Password=" a";'],
    ["a leading double quote in single ones", { Password: '"a' }, "Password='\"a';"],
    ["both quotes, one doubled", { Password: `"a';` }, `Password="""a';";`],
    ["nothing for undefined", { User: undefined, Scope: "s" }, "Scope=s;"],
    ["an empty value", { User: "" }, "User=;"],
  ])("writes %s", (_what, settings, text) => {
    expect(formatConnectionString(settings)).toBe(text);
  });

  it.each([
    ["an unknown name", { Passwrod: "hunter" }, 'Did you mean "Password"?'],
    ["a number", { Timeout: 30 }, "Timeout (connection settings) must be text; got a number"],
    ["null", null, "must be an object"],
    ["a value outside its enum", { AuthScheme: "Digest" }, "must be Basic or OAuth"],
  ])("refuses %s", (_what, settings, message) => {
    expect(refusalOf(() => formatConnectionString(settings as never)).message).toContain(message);
  });

  it("is read back as the same settings, whatever the values", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(parseConnectionString(formatConnectionString(settings))).toEqual(settings);
      }),
      { numRuns: 1000 },
    );
  });
});

const awkward = fc.array(fc.constantFrom(";", "=", '"', "'", " ", "\t", "\n", "\ufeff", "a", "\\"), { maxLength: 8 });
const anyText = fc.oneof(
  anyUnicode,
  awkward.map((pieces) => pieces.join("")),
);
const anySettings = fc.record<ConnectionSettings, never>(
  {
    AuthScheme: fc.constantFrom("Basic", "OAuth"),
    User: anyText,
    Password: anyText,
    OAuthClientId: anyText,
    OAuthClientSecret: anyText,
    CallbackURL: anyText,
    InitiateOAuth: fc.constantFrom("OFF", "REFRESH", "GETANDREFRESH"),
    OAuthAccessToken: anyText,
    OAuthRefreshToken: anyText,
    OAuthExpiresIn: anyText,
    OAuthTokenTimestamp: anyText,
    Scope: anyText,
    Profile: fc.constantFrom("AirCall.apip", "C:\\a b\\aircall.apip", "/a;b/AirCall.apip"),
    Timeout: anyText,
  },
  { requiredKeys: [] },
);
