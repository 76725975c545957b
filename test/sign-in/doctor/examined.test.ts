import { createHmac } from "node:crypto";
import type { Request } from "express";
import { MemoryStore } from "express-session";
import type { SessionCookie } from "../../../src/session/session";
import { createDoctor } from "../../../src/sign-in/doctor/doctor";
import { refusalOf } from "../../config/refusal";
import { signInConfig } from "../../support/apps/sign-in-config";

const callbackUrl = "https://app.example/auth/aircall/callback";
/** No MemoryStore, by its name. */
const sessionStore = new (class OtherStore extends MemoryStore {})();

/** A request by https to the callback's host, with a session. */
function request(
  changes: { headers?: Record<string, string>; cookie?: SessionCookie } = {},
  more: object = {},
): Request {
  const { headers = {}, cookie = { path: "/" } } = changes;
  const session = { id: "the-id", cookie, regenerate: () => undefined };
  const get = (name: string) => headers[name];
  return { ...{ headers, get, session, sessionStore, sessionID: "the-id", secure: true }, ...more } as never;
}

function opened(settings: { production?: boolean } = { production: false }) {
  const doubts: string[] = [];
  const doctor = createDoctor(signInConfig({ callbackUrl }), { warn: (doubt) => doubts.push(doubt), ...settings });
  return { doctor, doubts };
}

const signedWith = (key: string) => {
  const signature = createHmac("sha256", key).update("the-id").digest("base64").replace("=", "");
  return { cookie: `sid=${encodeURIComponent(`s:the-id.${signature}`)}` };
};

describe("the doctor, of one request", () => {
  it("has no doubt of one that says nothing of its host, nor of a cookie without a path", () => {
    const { doctor, doubts } = opened();
    doctor.examineStart(request());
    doctor.examineStart(request({ cookie: {} }));
    expect(doubts).toEqual([]);
  });

  it("misses express-session where there is a session without a store", () => {
    const { doctor } = opened();
    const without = request({}, { sessionStore: undefined });
    expect(refusalOf(() => doctor.examine(without)).message).toContain("Mount express-session before aircallAuth()");
  });

  it("says what a cookie function should answer", () => {
    const { doctor } = opened();
    const unresolved = request({ cookie: { secure: "auto" } }, { secure: false });
    expect(refusalOf(() => doctor.examine(unresolved)).message).toBe(
      'The session cookie is `secure: "auto"`, which express-session knows in an object only, but a function gave it: ' +
        "let that function answer true or false.",
    );
  });

  it("says what to do about a proxy that Express does not trust", () => {
    const { doctor, doubts } = opened();
    const headers = { "x-forwarded-proto": "https" };
    doctor.examine(request({ headers, cookie: { secure: true } }, { secure: false }));
    expect(doubts).toEqual([
      "The session cookie is `secure`, and a proxy says that visitors come by https, but Express does not trust it: use " +
        'app.set("trust proxy", 1), unless session() has `proxy: true`.',
    ]);
  });

  it("says what to do about cookie-parser's short secret", () => {
    const { doctor, doubts } = opened();
    doctor.examine(request({}, { secret: "short" }));
    expect(doubts).toEqual([
      "cookie-parser's secret is an example, or shorter than 16 characters, and it signs the session's cookie too where " +
        "session() has no secret of its own. Give both a long one, such as `openssl rand -base64 32` prints.",
    ]);
  });

  it("takes what one visitor's cookie proves for true of all", () => {
    const { doctor } = opened({ production: true });
    expect(() => doctor.examine(request())).not.toThrow();
    const weak = "The secret that signs session cookies is an example from documentation";
    expect(refusalOf(() => doctor.examine(request({ headers: signedWith("secret") }))).message).toContain(weak);
    expect(refusalOf(() => doctor.examine(request())).message).toContain(weak);
  });
});

describe("the doctor, where nobody tells it more", () => {
  const environment = process.env["NODE_ENV"];
  afterEach(() => void (process.env["NODE_ENV"] = environment));

  it.each([
    ["production", true],
    ["development", false],
  ])("goes by NODE_ENV: %s", (name, production) => {
    process.env["NODE_ENV"] = name;
    const { doctor } = opened({});
    const forgetful = request({}, { sessionStore: new MemoryStore() });
    const examined = () => doctor.examine(forgetful);
    if (production) expect(refusalOf(examined).message).toContain("express-session's MemoryStore forgets");
    else expect(examined).not.toThrow();
  });

  it("warns by a warning of the process, with a code", () => {
    const emit = jest.spyOn(process, "emitWarning").mockImplementation();
    createDoctor(signInConfig({ callbackUrl })).examine(request({ headers: { host: "other.example" } }));
    expect(emit.mock.calls).toEqual([
      [
        "Signing in began on another host than CallbackURL's (app.example): its cookies stay behind.",
        { code: "EXPRESS_AIRCALL_SIGN_IN" },
      ],
    ]);
    emit.mockRestore();
  });
});
