import type { ServerResponse } from "node:http";
import { MemoryStore } from "express-session";
import { memoryGrants, type AuditEntry, type SettingsOptions } from "express-aircall";
import { createAudit } from "../../src/companies/audit";
import { runtimeKey } from "../../src/connections/request-context";
import { heldByCompany, heldBySession } from "../../src/grants/ownership";
import { holdLinks, linksOf, type Hold } from "../../src/grants/session-grants";
import { createTransport } from "../../src/http/transport/choose";
import { createTokenEndpoint } from "../../src/oauth/token-endpoint";
import { createAttempts, type Attempt } from "../../src/sign-in/attempt";
import { createAttemptKeeping } from "../../src/sign-in/attempt-keeping";
import { CodeExchange, unknownAttempt } from "../../src/sign-in/code-exchange";
import { appsWith } from "../../src/sign-in/session-apps";
import type { Ask } from "../../src/sign-in/verify/arrival";
import { openSession, type OpenedRequest } from "../support/apps/opened-session";
import { signInConfig } from "../support/apps/sign-in-config";
import { newGrant } from "../support/grants";
import { json, startTokenServer, type TokenRequest } from "../support/servers/token-server";

const app = "a";
const { account } = newGrant();
const attempt: Attempt = {
  ...{ state: "the-state", codeVerifier: null, returnTo: null, add: false, install: false },
  startedAt: Date.now(),
};
const issued = { access_token: "access-1", refresh_token: "refresh-1", expires_in: 3_600, token_type: "Bearer" };
const letIn: Ask = (arrival) => Promise.resolve({ user: arrival.account, info: undefined });
const readOnly = () => Promise.reject(new Error("READONLY"));

interface Setting {
  readonly hold?: Hold;
  readonly ask?: Ask;
  readonly settings?: SettingsOptions;
  readonly answer?: (res: ServerResponse, request: TokenRequest) => unknown;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => void (await Promise.all(closers.splice(0).map((close) => close()))));

/** Where codes are exchanged at a token server, for sessions of one store. */
async function opened({ hold = "session", ask = letIn, settings = {}, answer }: Setting = {}) {
  const server = await startTokenServer(answer ?? ((res) => json(res, issued)));
  const transport = createTransport(null);
  closers.push(
    () => server.close(),
    () => transport.close(),
  );
  const [store, grants] = [new MemoryStore(), memoryGrants()];
  const [steps, audited]: [string[], AuditEntry[]] = [[], []];
  const config = signInConfig({ tokenUrl: server.url, ...settings });
  const codes = new CodeExchange({
    ...{ config, app, attempts: createAttemptKeeping(config) },
    ask: (arrival, params) => (steps.push("asked"), ask(arrival, params)),
    endpoint: createTokenEndpoint({ ...config, transport }),
    readAccount: (token) => (steps.push(`read by ${token}`), Promise.resolve(account)),
  });
  const keeping = {
    ...{ app, grants, holding: hold === "session" ? heldBySession : heldByCompany, encryptionKeys: [] },
    ...{ acceptUnsealed: false, company: null },
    audit: createAudit({ onAudit: (entry) => audited.push(entry), actor: null }),
  };
  const made: string[] = [];
  const create = grants.create.bind(grants);
  grants.create = async (...given) => (made.push(await create(...given)), made.at(-1)!);

  return {
    ...{ config, server, store, grants, steps, audited },
    /** A request that comes back, in a session of its own. */
    returning: async () => Object.assign(await openSession(store), { aircall: { [runtimeKey]: keeping } }),
    exchange: (req: OpenedRequest, changes: Partial<Attempt> = {}, extra = {}) =>
      codes.exchangeOnce(
        req,
        { ...attempt, ...changes },
        { code: "c0de", extra, claimed: () => steps.push("claimed") },
      ),
    /** Every grant that was made and is there still. */
    kept: async () => (await Promise.all(made.map((id) => grants.get(id)))).filter((grant) => grant !== null),
  };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** By the link that this session holds. */
async function leads({ grants }: Opened, req: OpenedRequest): Promise<boolean> {
  const [held] = linksOf(req.session, app);
  return held !== undefined && grants.link(held.id, "probe", 60_000, held.link!);
}

/** Two requests with one callback. */
async function twice(one: Opened, changes: Partial<Attempt> = {}) {
  const [first, second] = [await one.returning(), await one.returning()];
  await one.exchange(first, changes);
  return { first, second, again: () => one.exchange(second, changes) };
}

/** Has the session's next saves fail. */
function failToSave(store: MemoryStore): void {
  store.set = (_id, _document, done) => void setImmediate(() => done?.(new Error("READONLY")));
}

describe("a code that came back", () => {
  it("becomes a grant, which the session holds", async () => {
    const one = await opened();
    const req = await one.returning();
    expect(await one.exchange(req)).toEqual({ user: account, info: undefined, account });
    const tokens = { accessToken: "access-1", refreshToken: "refresh-1" };
    const [grant, ...others] = await one.kept();
    expect(others).toEqual([]);
    expect(grant).toMatchObject({ ...tokens, app, account, ref: null, state: "active", refusedAt: null });
    expect(grant!.connectedAt).toEqual(grant!.obtainedAt);
    expect(await leads(one, req)).toBe(true);
    expect(one.steps).toEqual(["claimed", "read by access-1", "asked"]);
    expect(one.audited).toMatchObject([{ action: "sign_in", companyId: account.id, companyRef: null }]);
  });

  it("is sent with its address and its verifier, and with what the app adds", async () => {
    const one = await opened();
    await one.exchange(await one.returning(), {}, { audience: "calls" });
    await one.exchange(await one.returning(), { state: "another", codeVerifier: "the-verifier" });
    const redirectUri = signInConfig().callbackUrl;
    const [plain, proven] = one.server.requests.map(({ params }) => params);
    expect(plain).toMatchObject({ code: "c0de", redirect_uri: redirectUri, audience: "calls" });
    expect(plain).not.toHaveProperty("code_verifier");
    expect(proven).toMatchObject({ code: "c0de", code_verifier: "the-verifier" });
  });

  it("asks verify about the company, with what the token endpoint answered", async () => {
    const asked: unknown[] = [];
    const one = await opened({ ask: (...given) => (asked.push(...given), letIn(...given)) });
    const req = await one.returning();
    await one.exchange(req, { ref: "acme" });
    const tokens = expect.objectContaining({ accessToken: "access-1" }) as unknown;
    expect(asked).toEqual([{ account, companyRef: "acme", tokens, req, repeated: false }, issued]);
    expect(await one.kept()).toMatchObject([{ ref: "acme" }]);
    expect(one.audited).toMatchObject([{ companyRef: "acme" }]);
  });

  it("asks nobody whose it is where the profile is skipped", async () => {
    const one = await opened({ settings: { skipUserProfile: true } });
    expect((await one.exchange(await one.returning())).account).toEqual({ id: null, name: null, user: null });
    expect(one.steps).toEqual(["claimed", "asked"]);
  });

  it("needs a session, and is not used up without one", async () => {
    const one = await opened();
    const req = Object.assign(await one.returning(), { session: null });
    await expect(one.exchange(req as never)).rejects.toMatchObject({ code: "config_invalid" });
    expect([one.steps, one.server.requests]).toEqual([[], []]);
  });

  it("makes the app known to its session store, and every way out of the session ends the grant", async () => {
    const one = await opened();
    const req = await one.returning();
    await one.exchange(req);
    expect(appsWith(one.store)!.get(app)).toEqual({ grants: one.grants, hold: "session" });
    await new Promise((resolve) => void req.session.destroy(resolve));
    expect(await one.kept()).toEqual([]);
  });
});

describe("a company that may not connect", () => {
  it("leaves nothing behind where companies do not list it", async () => {
    const one = await opened({ settings: { companies: [8] } });
    await expect(one.exchange(await one.returning())).rejects.toThrow("may not connect to this app: `companies` does");
    expect([await one.kept(), one.audited, one.steps]).toEqual([[], [], ["claimed", "read by access-1"]]);
    const listed = await opened({ settings: { companies: [8, 7] } });
    expect((await listed.exchange(await listed.returning())).account).toEqual(account);
  });

  it("leaves nothing behind where verify says no, and its reason is the app's", async () => {
    const info = { message: "Ask Ada first." };
    const one = await opened({ ask: () => Promise.resolve({ user: false, info }) });
    const refused = { message: expect.stringContaining("`verify` gave a falsy answer") as string, info };
    await expect(one.exchange(await one.returning())).rejects.toMatchObject(refused);
    expect([await one.kept(), one.audited]).toEqual([[], []]);
  });

  it("learns which error the token endpoint named", async () => {
    const one = await opened({ answer: (res) => json(res, { error: "invalid_grant" }, 400) });
    await expect(one.exchange(await one.returning())).rejects.toMatchObject({
      ...{ code: "sign_in_exchange", oauthError: "invalid_grant" },
      message: expect.stringMatching(/^Aircall gave no token: .*invalid_grant/) as string,
    });
  });

  it("lets a fault of the program's through as it is", async () => {
    const one = await opened();
    const fault = expect.any(TypeError) as unknown;
    await expect(one.exchange(await one.returning(), {}, { loop: 1n })).rejects.toEqual(fault);
  });
});

describe("a session that could not be stored", () => {
  it("leaves no grant of its own behind, and nothing was done that an audit would tell", async () => {
    const one = await opened();
    const req = await one.returning();
    failToSave(one.store);
    await expect(one.exchange(req)).rejects.toMatchObject({ operation: "save the session" });
    expect([await one.kept(), linksOf(req.session, app), one.audited]).toEqual([[], [], []]);
  });

  it("leaves the company its grant, and no link to it", async () => {
    const one = await opened({ hold: "company" });
    const unlink = jest.spyOn(one.grants, "unlink");
    failToSave(one.store);
    await expect(one.exchange(await one.returning())).rejects.toMatchObject({ operation: "save the session" });
    expect(await one.kept()).toHaveLength(1);
    const [id, link] = unlink.mock.calls[0]!;
    expect(await one.grants.link(id, "probe", 60_000, link)).toBe(false);
  });

  it("is what is told where the grant cannot be deleted either: that is tried once more", async () => {
    const one = await opened();
    failToSave(one.store);
    const remove = jest.spyOn(one.grants, "delete").mockImplementationOnce(readOnly);
    await expect(one.exchange(await one.returning())).rejects.toMatchObject({ operation: "save the session" });
    expect([remove.mock.calls.length, await one.kept()]).toEqual([2, []]);
    remove.mockImplementation(readOnly);
    const next = one.exchange(await one.returning(), { state: "another" });
    await expect(next).rejects.toMatchObject({ operation: "save the session" });
    await new Promise(setImmediate);
  });
});

describe("a callback that comes twice", () => {
  it("signs in both with one code and one grant, by a link for each", async () => {
    const asked: unknown[] = [];
    const one = await opened({ ask: (...given) => (asked.push(...given), letIn(...given)) });
    const { first, second, again } = await twice(one, { ref: "acme" });
    asked.length = 0;
    expect(await again()).toEqual({ user: account, info: undefined, account });
    expect([one.server.requests.length, await one.kept()]).toEqual([1, [expect.anything()]]);
    const tokens = expect.objectContaining({ accessToken: "access-1", version: 1 }) as unknown;
    const params = { access_token: "access-1", token_type: "Bearer" };
    expect(asked).toEqual([{ account, companyRef: "acme", tokens, req: second, repeated: true }, params]);
    expect([await leads(one, first), await leads(one, second)]).toEqual([true, true]);
    const links = [first, second].map((req) => linksOf(req.session, app)[0]!.link);
    expect(new Set(links).size).toBe(2);
    expect(one.audited).toHaveLength(1);
  });

  it("signs in nobody the second time where the grant has ended, or verify has changed its mind", async () => {
    let user: unknown = true;
    const one = await opened({ ask: () => Promise.resolve({ user, info: undefined }) });
    const { first, second, again } = await twice(one);
    user = false;
    await expect(again()).rejects.toMatchObject({ code: "sign_in_refused" });
    await one.grants.delete(linksOf(first.session, app)[0]!.id);
    await expect(again()).rejects.toMatchObject({ code: "sign_in_state", message: unknownAttempt().message });
    expect(linksOf(second.session, app)).toEqual([]);
  });

  it("leaves the first one's grant where the second session could not be stored, and no link for that", async () => {
    const one = await opened();
    const { first, again } = await twice(one);
    const unlink = jest.spyOn(one.grants, "unlink").mockImplementationOnce(readOnly);
    failToSave(one.store);
    await expect(again()).rejects.toMatchObject({ operation: "save the session" });
    expect([unlink.mock.calls.length, await leads(one, first)]).toEqual([2, true]);
    const [id, link] = unlink.mock.calls[0]!;
    expect(await one.grants.link(id, "probe", 60_000, link)).toBe(false);
  });
});

describe("a company that is added", () => {
  it("stands before those that the session holds; another takes their place", async () => {
    const one = await opened();
    const req = await one.returning();
    const other = await one.grants.create(newGrant({ app, account: { ...account, id: 8 } }), 60_000, "other");
    holdLinks(req.session, app, [{ id: other, link: "other", hold: "session" }]);
    const heldIds = () => linksOf(req.session, app).map(({ id }) => id);
    await one.exchange(req, { add: true });
    expect([heldIds().length, heldIds()[1], await leads(one, req)]).toEqual([2, other, true]);
    await one.exchange(req, { state: "another" });
    expect([heldIds().length, await one.grants.get(other)]).toEqual([1, null]);
  });

  it.each([
    [true, 2],
    [false, 1],
  ])("is joined by the one that this browser adds at the same time: %p, so that it holds %i", async (add, count) => {
    const one = await opened();
    const attempts = createAttempts(one.config);
    const begun = [1, 2].map(() => attempts.start(undefined, { returnTo: null, add, install: false }));
    const cookie = begun.map(({ setCookies }) => setCookies[0]!.split(";")[0]).join("; ");
    const requests = await Promise.all(begun.map(() => one.returning()));
    for (const [n, req] of requests.entries()) {
      req.headers.cookie = cookie;
      await one.exchange(req, begun[n]!.attempt);
      req.res.emit("close");
    }
    const [first, second] = requests.map((req) => linksOf(req.session, app).map(({ id }) => id));
    expect([first!.length, second!.length, second!.includes(first![0]!)]).toEqual([1, count, add]);
  });
});

describe("an attempt that nobody knows", () => {
  it("says what may have become of it, and what to do", () => {
    const [error, cookieless] = [unknownAttempt(), unknownAttempt({ cookieless: true })];
    expect([error.code, cookieless.code]).toEqual(["sign_in_state", "sign_in_state"]);
    expect(error.message).toBe(
      "This sign-in cannot be continued: it was not begun in this browser, or more than ten minutes ago, or is used up. " +
        "Begin again.",
    );
    expect(cookieless.message).toBe(
      "This sign-in cannot be continued: the browser sent no cookies. They are blocked for this site, or signing in " +
        "began at another address of it. Allow cookies, and begin again.",
    );
  });
});
