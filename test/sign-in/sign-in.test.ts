import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { MemoryStore } from "express-session";
import { memoryGrants, type SettingsOptions } from "express-aircall";
import { createSimulator } from "express-aircall/simulator";
import { createAudit } from "../../src/companies/audit";
import { sha256 } from "../../src/config/sha256";
import { runtimeKey } from "../../src/connections/request-context";
import { heldBySession } from "../../src/grants/ownership";
import { appKey, linksOf } from "../../src/grants/session-grants";
import { createTransport } from "../../src/http/transport/choose";
import type { TransportRequest } from "../../src/http/transport/transport";
import { createSignIn, keepPrivate, readCode } from "../../src/sign-in/sign-in";
import { openSession, type OpenedRequest } from "../support/apps/opened-session";
import { signInConfig } from "../support/apps/sign-in-config";

const wish = { returnTo: null, add: false, install: false };
const channel = "express-aircall:sign-in";

let told: unknown[];
const listen = (message: unknown) => void told.push(message);
const closers: (() => unknown)[] = [];
beforeEach(() => {
  told = [];
  subscribe(channel, listen);
});
afterEach(async () => {
  unsubscribe(channel, listen);
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Signing in at a simulator, with a browser that keeps its cookies. */
async function opened(settings: SettingsOptions = {}) {
  const simulator = createSimulator();
  await simulator.listen();
  const config = signInConfig({ ...simulator.oauth, ...settings });
  const [connections, sent] = [createTransport(null), [] as TransportRequest[]];
  const transport = { ...connections, send: (one: TransportRequest) => (sent.push(one), connections.send(one)) };
  closers.push(
    () => simulator.close(),
    () => connections.close(),
  );
  const [store, grants, app] = [new MemoryStore(), memoryGrants(), appKey(config.client.id)];
  const keeping = {
    ...{ app, grants, holding: heldBySession, encryptionKeys: [], acceptUnsealed: false },
    ...{ company: (req: object) => ("tenant" in req ? { ref: String(req.tenant) } : null) },
    audit: createAudit({ onAudit: null, actor: null }),
  };
  const signIn = createSignIn(config, ({ account }) => Promise.resolve({ user: account, info: undefined }), transport);
  const cookies = new Map<string, string>();

  /** The browser's next request; with the session of an earlier one, where that is given. */
  async function arriving(url: string, { session }: Partial<Pick<OpenedRequest, "session">> = {}) {
    const req = await openSession(store, { url });
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie) req.headers.cookie = cookie;
    req.headers["x-forwarded-proto"] = "https";
    if (session) Object.assign(req, { session, sessionID: session.id });
    return Object.assign(req, { aircall: { [runtimeKey]: keeping } });
  }
  function takeCookies({ res }: OpenedRequest): void {
    for (const line of [res.getHeader("set-cookie") ?? []].flat() as string[]) {
      const [pair, ...attributes] = line.split("; ");
      const [name, value] = pair!.split("=") as [string, string];
      if (attributes.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, value);
    }
  }
  async function begin(req: OpenedRequest, changes: object = {}): Promise<string> {
    const address = await signIn.begin(req, req.res, { ...wish, ...changes });
    takeCookies(req);
    return address;
  }
  async function finish(req: OpenedRequest, ended: { add?: boolean; extra?: Record<string, string> } = {}) {
    return signIn.finish(req, req.res, { add: false, ...ended }).finally(() => takeCookies(req));
  }
  const pathOf = (address: string) => address.slice(new URL(address).origin.length);
  const comeBack = async (address: string, how: Parameters<typeof simulator.consent>[1] = {}) =>
    arriving(pathOf(simulator.consent(address, how)));
  return { simulator, grants, app, cookies, sent, signIn, arriving, begin, finish, comeBack };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe("beginning to sign in", () => {
  it("answers where to send the browser, with what the app adds, and keeps the answer private", async () => {
    const { begin, arriving, cookies } = await opened();
    const req = await arriving("/auth/aircall");
    const { searchParams } = new URL(await begin(req, { extra: { locale: "fr" } }));
    expect(searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect([searchParams.get("locale"), searchParams.has("code_challenge")]).toEqual(["fr", false]);
    expect(req.res.getHeaders()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    expect(cookies.size).toBe(1);
  });

  it("looks at the session and at the store first", async () => {
    const { begin, arriving, grants, cookies } = await opened();
    await expect(begin(Object.assign(await arriving("/"), { session: undefined }) as never)).rejects.toThrow("session");
    grants.check = () => Promise.reject(new Error("may not delete"));
    await expect(begin(await arriving("/"))).rejects.toThrow("may not delete");
    expect(cookies.size).toBe(0);
  });

  it("refuses who has just signed in and comes again without a session", async () => {
    const { begin, finish, comeBack, arriving } = await opened();
    await finish(await comeBack(await begin(await arriving("/"))));
    await expect(begin(await arriving("/"))).rejects.toThrow("did not return the session cookie");
  });

  it("sends a challenge that the verifier answers, with PKCE", async () => {
    const { begin, finish, comeBack, arriving } = await opened({ pkce: true });
    const address = await begin(await arriving("/"));
    const { attempt } = await finish(await comeBack(address));
    expect(new URL(address).searchParams.get("code_challenge")).toBe(sha256(attempt.codeVerifier!));
  });
});

describe("coming back from Aircall", () => {
  it("signs in, tells of it, and uses the attempt up", async () => {
    const { begin, finish, comeBack, arriving, simulator, app, cookies } = await opened();
    const req = await comeBack(await begin(await arriving("/"), { returnTo: "/reports", install: true }));
    const { account, user, attempt } = await finish(req);
    const [{ id, name }] = simulator.companies;
    expect([account, user]).toMatchObject([
      { id, name },
      { id, name },
    ]);
    expect(attempt).toMatchObject({ returnTo: "/reports", install: true, add: false });
    expect([linksOf(req.session, app).length, told]).toEqual([1, [{ code: null }]]);
    expect(req.res.getHeaders()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    expect([...cookies.keys()]).toEqual([expect.stringContaining("signed_in")]);
  });

  it.each([
    ["neither asks for it", false, false, 1],
    ["the beginning asks for it", true, false, 2],
    ["the end asks for it", false, true, 2],
  ])("adds a company to those of the session only where %s", async (_who, begun, ended, count) => {
    const { begin, finish, comeBack, arriving, simulator, app } = await opened();
    const first = await comeBack(await begin(await arriving("/")));
    await finish(first);
    const again = await arriving("/", first);
    const address = await begin(again, { add: begun });
    const callback = simulator.consent(address, { companyId: simulator.companies[1].id });
    const second = await arriving(callback.slice(new URL(callback).origin.length), first);
    const { attempt } = await finish(second, { add: ended });
    expect([linksOf(second.session, app).length, attempt.add]).toEqual([count, begun]);
  });

  it("is refused to a browser that fetches ahead, which leaves the attempt to a visit", async () => {
    const { begin, finish, comeBack, arriving } = await opened();
    const address = await begin(await arriving("/"));
    const early = await comeBack(address);
    early.headers["sec-purpose"] = "prefetch";
    await expect(finish(early)).rejects.toMatchObject({
      ...{ code: "sign_in_prefetch", status: 503 },
      message: "Nobody is signed in on suspicion: this callback was fetched ahead of a visit. Visit it.",
    });
    expect(await codeOf(finish(await comeBack(address)))).toBeNull();
    expect(told).toEqual([{ code: "sign_in_prefetch" }, { code: null }]);
  });

  it("needs express-session, an attempt of this browser, and its cookies", async () => {
    const { begin, finish, comeBack, arriving, cookies } = await opened();
    const address = await begin(await arriving("/"));
    const without = Object.assign(await comeBack(address), { session: undefined });
    await expect(finish(without as never)).rejects.toMatchObject({ code: "config_invalid" });
    const forged = await arriving("/auth/aircall/callback?code=a&state=forged");
    await expect(finish(forged)).rejects.toThrow("it was not begun in this browser");
    cookies.clear();
    await expect(finish(await comeBack(address))).rejects.toThrow("the browser sent no cookies");
    expect(told).toEqual(["config_invalid", "sign_in_state", "sign_in_state"].map((code) => ({ code })));
  });

  it("is refused to another tenant than began", async () => {
    const { begin, finish, comeBack, arriving, grants, app } = await opened();
    const address = await begin(Object.assign(await arriving("/"), { tenant: "acme" }));
    const other = Object.assign(await comeBack(address), { tenant: "globex" });
    await expect(finish(other)).rejects.toThrow("another tenant");
    const own = Object.assign(await comeBack(address), { tenant: "acme" });
    expect((await finish(own)).attempt.ref).toBe("acme");
    const [held] = linksOf(own.session, app);
    expect((await grants.get(held!.id))!.ref).toBe("acme");
  });

  it("uses the attempt up where somebody said no, and says so", async () => {
    const { begin, finish, comeBack, arriving, cookies } = await opened();
    const address = await begin(await arriving("/"));
    await expect(finish(await comeBack(address, { deny: true }))).rejects.toMatchObject({ code: "sign_in_denied" });
    expect(cookies.size).toBe(0);
  });

  it("tells of what is no error of this library's as failed", async () => {
    const { begin, finish, comeBack, arriving, grants } = await opened();
    const req = await comeBack(await begin(await arriving("/")));
    grants.claim = () => Promise.reject(new RangeError("a bug"));
    await expect(finish(req)).rejects.toThrow("a bug");
    expect(told).toEqual([{ code: "failed" }]);
  });

  it("sends the code to the token endpoint, with what the app adds", async () => {
    const { begin, finish, comeBack, arriving, sent } = await opened();
    await finish(await comeBack(await begin(await arriving("/"))), { extra: { audience: "calls" } });
    expect(JSON.parse(sent[0]!.body!)).toMatchObject({ code: expect.any(String) as string, audience: "calls" });
  });

  it("reads whose token one is", async () => {
    const { signIn, simulator } = await opened();
    const { access_token: token } = simulator.issueToken();
    expect(await signIn.readAccount(token)).toMatchObject({ id: simulator.companies[0].id });
    await expect(signIn.endpoint.renew("none")).rejects.toMatchObject({ kind: "refused" });
  });
});

describe("the code of an answer", () => {
  const answer = { state: "s", code: null, error: null, iss: null };

  it("is read where there is one, and leaves the attempt", () => {
    const end = jest.fn();
    expect(readCode({ ...answer, code: "c0de" }, null, end)).toBe("c0de");
    expect(end).not.toHaveBeenCalled();
  });

  it.each([
    ["access_denied", "sign_in_denied", "Access was denied at Aircall; only its administrators may grant it."],
    ["server_error", "sign_in_failed", "Aircall could not sign you in (server_error). Try again."],
  ])("is none where Aircall answers %s, which ends the attempt", (error, code, message) => {
    const end = jest.fn();
    const refused = expect.objectContaining({ code, message, oauthError: error }) as Error;
    expect(() => readCode({ ...answer, error }, null, end)).toThrow(refused);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it.each([null, "https://evil.example"])("is believed only of the configured issuer, not of %p", (iss) => {
    const end = jest.fn();
    const read = (issuer: string | null) => readCode({ ...answer, code: "c0de", iss }, issuer, end);
    expect(() => read("https://issuer.example")).toThrow(
      expect.objectContaining({
        ...{ code: "sign_in_callback" },
        message: "This answer does not come from the configured issuer. Begin again.",
      }) as Error,
    );
    expect([read(iss), read(null), end.mock.calls.length]).toEqual(["c0de", "c0de", 0]);
  });

  it("is nobody else's business", async () => {
    const { res } = await openSession();
    keepPrivate(res);
    expect(res.getHeaders()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  });
});
