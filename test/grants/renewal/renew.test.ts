import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { StoreError } from "../../../src/errors/errors";
import type { GrantStore } from "../../../src/grants/store";
import { newGrant, patient, start } from "../../support/grants";
import { startRenewingApp } from "../../support/apps/renewing-app";
import { json, rotatingTokens, type TokenRequest } from "../../support/servers/token-server";

const almostAnHour = 3_590_000;
const anHour = 3_600_000;
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, secret: token });

describe("a token that is about to expire", () => {
  let app: Awaited<ReturnType<typeof startRenewingApp>>;

  afterEach(() => app.close());

  it("is used as it is until its last minute", async () => {
    app = await startRenewingApp({ answer: rotatingTokens() });
    app.clock.pass(anHour - 61_000);

    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    expect(app.server.requests).toHaveLength(0);
  });

  it("is used as it is until its last tenth where that is shorter", async () => {
    const expiresAt = new Date(start + 100_000);
    app = await startRenewingApp({ answer: rotatingTokens(), grant: { expiresAt } });

    app.clock.pass(89_999);
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    app.clock.pass(1);
    // Renewed behind where the machine is busy: a good token waits for no more than a second.
    await app.tokens().credential(patient);
    while ((await app.store.get(app.id))?.version === 1) await new Promise(setImmediate);
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-1"));
  });

  it("is renewed once, however many requests arrive together", async () => {
    app = await startRenewingApp({ answer: rotatingTokens() });
    app.clock.pass(almostAnHour);

    const handed = await Promise.all(Array.from({ length: 200 }, () => app.tokens().credential(patient)));

    expect(new Set(handed.map(({ secret }) => secret))).toEqual(new Set(["access-1"]));
    expect(app.server.requests).toHaveLength(1);
    expect(await app.store.get(app.id)).toMatchObject({
      accessToken: "access-1",
      refreshToken: "refresh-1",
      version: 2,
    });
  });

  it("is renewed again and again as the server rotates the refresh token", async () => {
    app = await startRenewingApp({ answer: rotatingTokens() });
    for (let n = 1; n <= 5; n += 1) {
      app.clock.pass(almostAnHour);
      expect(await app.tokens().credential(patient)).toEqual(bearer(`access-${n}`));
    }
  });

  it("keeps the refresh token when the answer carries none", async () => {
    app = await startRenewingApp({ answer: (res) => json(res, { access_token: "access-1", expires_in: 60 }) });
    app.clock.pass(almostAnHour);
    await app.tokens().credential(patient);

    expect(await app.store.get(app.id)).toMatchObject({ accessToken: "access-1", refreshToken: "refresh-0" });
  });

  it("is written before anybody gets it", async () => {
    const order: string[] = [];
    app = await startRenewingApp({ answer: rotatingTokens(), wrapStore: (store) => noting(store, order) });
    app.clock.pass(almostAnHour);
    await Promise.all(
      [1, 2].map(() =>
        app
          .tokens()
          .credential(patient)
          .then(() => order.push("used")),
      ),
    );

    expect(order).toEqual(["written", "used", "used"]);
  });

  it("is stored although everyone who waited for it has left", async () => {
    const answered = gate();
    app = await startRenewingApp({
      answer: async (res) => (await answered.opened, json(res, { access_token: "new" })),
    });
    app.clock.pass(anHour);
    const leaving = new AbortController();
    const waiting = Array.from({ length: 50 }, () =>
      app.tokens().credential({ ...patient, signal: AbortSignal.any([leaving.signal]) }),
    );
    await until(() => app.server.requests.length === 1);

    leaving.abort(new Error("gone"));
    await expect(Promise.all(waiting)).rejects.toThrow("gone");
    answered.open();
    await app.renewals.close();

    expect(await app.store.get(app.id)).toMatchObject({ accessToken: "new", version: 2 });
  });

  it("is taken from the store when somebody else has renewed it meanwhile", async () => {
    app = await startRenewingApp({ answer: rotatingTokens() });
    const tokens = app.tokens();
    await tokens.credential(patient);
    await app.store.replace(app.id, 1, newGrant({ accessToken: "sibling", expiresAt: new Date(start + 2 * anHour) }));

    expect(await tokens.refused(bearer("access-0"), 401, patient)).toBe("again");
    expect(await tokens.credential(patient)).toEqual(bearer("sibling"));
    expect(app.server.requests).toHaveLength(0);
  });

  it("is taken from the store when somebody else had the lock and renewed it", async () => {
    const free = gate();
    app = await startRenewingApp({ answer: rotatingTokens() });
    app.clock.pass(almostAnHour);
    const holder = app.store.withLock(app.id, () => free.opened);
    const waiting = app.tokens().credential(patient);
    await new Promise(setImmediate);
    await app.store.replace(app.id, 1, newGrant({ accessToken: "sibling" }));
    free.open();

    await holder;
    expect(await waiting).toEqual(bearer("sibling"));
    expect(app.server.requests).toHaveLength(0);
  });

  it("takes the lock once for all who wait", async () => {
    const withLock = jest.fn();
    app = await startRenewingApp({
      answer: rotatingTokens(),
      wrapStore: (store) => ({ ...store, withLock: (...args) => (withLock(), store.withLock(...args)) }),
    });
    app.clock.pass(almostAnHour);
    await Promise.all(Array.from({ length: 20 }, () => app.tokens().credential(patient)));

    expect(withLock).toHaveBeenCalledTimes(1);
  });

  it("is renewed behind those who go on with it", async () => {
    const answered = gate();
    app = await startRenewingApp({
      answer: async (res) => (await answered.opened, json(res, { access_token: "new" })),
    });
    app.clock.pass(almostAnHour);
    for (let n = 0; n < 3; n += 1) expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    answered.open();
    await app.renewals.close();

    expect(await app.tokens().credential(patient)).toEqual(bearer("new"));
    expect(app.server.requests).toHaveLength(1);
  });

  it("is used as it is, without a question to the store, during a pause", async () => {
    const withLock = jest.fn();
    app = await startRenewingApp({
      answer: (res) => json(res, {}, 503),
      wrapStore: (store) => ({ ...store, withLock: (...args) => (withLock(), store.withLock(...args)) }),
    });
    app.clock.pass(almostAnHour);
    for (let n = 0; n < 20; n += 1) expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));

    expect(withLock).toHaveBeenCalledTimes(1);
  });

  it("is not renewed for a visitor who has logged out", async () => {
    app = await startRenewingApp({ answer: rotatingTokens() });
    const tokens = app.tokens();
    await tokens.grant();
    await app.store.delete(app.id);

    await expect(tokens.refused(bearer("access-0"), 401, patient)).rejects.toMatchObject({
      code: "not_connected",
      signInPath: "/auth/aircall",
    });
    expect(app.server.requests).toHaveLength(0);
  });

  it("is not brought back by a renewal that outlives a logout", async () => {
    const answered = gate();
    app = await startRenewingApp({
      answer: async (res) => (await answered.opened, json(res, { access_token: "new" })),
    });
    app.clock.pass(almostAnHour);
    const waiting = app.tokens().credential(patient);
    const outcome = waiting.catch((error: unknown) => error);
    await until(() => app.server.requests.length === 1);
    await app.store.delete(app.id);
    answered.open();

    expect(await outcome).toMatchObject({ code: "not_connected" });
    expect(await app.store.get(app.id)).toBeNull();
  });

  it.each([1, 2, 0.001, 30])("is renewed at most once in five seconds with a life of %d s", async (expires_in) => {
    let turn = 0;
    app = await startRenewingApp({ answer: (res) => json(res, { access_token: `a-${(turn += 1)}`, expires_in }) });
    app.clock.pass(anHour);
    for (let n = 0; n < 100; n += 1) {
      const tokens = app.tokens();
      const credential = await tokens.credential(patient).catch(() => bearer("none"));
      await tokens.refused(credential, 401, patient).catch(() => "failed");
      app.clock.pass(100);
    }

    expect(app.server.requests.length).toBeLessThanOrEqual(3);
  });
});

describe("a renewal that fails", () => {
  let app: Awaited<ReturnType<typeof startRenewingApp>>;

  afterEach(() => app.close());

  const passing: [string, Parameters<typeof json>[1], number][] = [
    ["a 500", {}, 500],
    ["a 503 that says invalid_grant", { error: "invalid_grant" }, 503],
    ["a 429", {}, 429],
    ["invalid_client", { error: "invalid_client" }, 401],
    ["an answer that makes no sense", [], 200],
  ];

  it.each(passing)("for %s keeps a token that is still valid in use", async (_what, body, status) => {
    app = await startRenewingApp({ answer: (res) => json(res, body, status) });
    app.clock.pass(almostAnHour);

    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    expect(await app.store.get(app.id)).toMatchObject({ state: "active", version: 1 });
  });

  it.each(passing)("for %s asks to come back later once the token has expired", async (_what, body, status) => {
    app = await startRenewingApp({ answer: (res) => json(res, body, status) });
    app.clock.pass(anHour);

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ status: 503, retryAfterMs: 5_000 });
    expect(await app.store.get(app.id)).toMatchObject({ state: "active", version: 1 });
  });

  it("is not repeated before a pause that doubles up to a minute", async () => {
    app = await startRenewingApp({ answer: (res) => res.destroy() });
    app.clock.pass(anHour);
    const asked: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = app.server.requests.length;
      await app
        .tokens()
        .credential(patient)
        .catch(() => undefined);
      if (app.server.requests.length > before) asked.push(second);
      app.clock.pass(1_000);
    }

    expect(asked).toEqual([0, 5, 15, 35, 75, 135, 195]);
  });

  it("sends the stored refresh token once more after an answer was lost", async () => {
    const rotate = rotatingTokens();
    const tolerant = (res: Parameters<typeof rotate>[0], request: TokenRequest) =>
      app.server.requests.length === 1 ? res.destroy() : rotate(res, request);
    app = await startRenewingApp({ answer: tolerant });
    app.clock.pass(anHour);

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
    app.clock.pass(5_000);
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-1"));
    expect(app.server.requests.map(({ params }) => params["refresh_token"])).toEqual(["refresh-0", "refresh-0"]);
  });

  it.each<[string, (res: ServerResponse) => unknown]>([
    ["a connection that broke", (res) => res.destroy()],
    ["a gateway's 504", (res) => json(res, {}, 504)],
    ["a 500", (res) => json(res, { error: "invalid_grant" }, 500)],
    ["an answer that was cut", (res) => res.writeHead(200).end('{"access_token": "acc')],
    ["an answer without a token", (res) => json(res, {})],
  ])("keeps other processes from sending a token again at once whose answer was lost by %s", async (_, lose) => {
    const rotate = rotatingTokens();
    app = await startRenewingApp({
      answer: (res, request) => (app.server.requests.length === 1 ? lose(res) : rotate(res, request)),
    });
    app.clock.pass(anHour);
    const others = Array.from({ length: 3 }, () => app.inAnotherProcess());

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
    for (let second = 0; second < 5; second += 1) {
      for (const other of others) {
        await expect(other.credential(patient)).rejects.toMatchObject({ retryAfterMs: 5_000 - second * 1_000 });
      }
      app.clock.pass(1_000);
    }
    expect(app.server.requests).toHaveLength(1);

    const handed = await Promise.all(others.map((other) => other.credential(patient)));
    expect(new Set(handed.map(({ secret }) => secret))).toEqual(new Set(["access-1"]));
    expect(app.server.requests).toHaveLength(2);
  });

  it.each([-60_000, 60_000])(
    "goes by the store's clock in that, where another process's is %i ms ahead",
    async (aheadMs) => {
      app = await startRenewingApp({ answer: (res) => res.destroy() });
      app.clock.pass(anHour + 60_000);
      await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });

      app.clock.pass(4_000);
      await expect(app.inAnotherProcess(aheadMs).credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
      expect(app.server.requests).toHaveLength(1);
      app.clock.pass(1_000);
      await expect(app.inAnotherProcess(aheadMs).credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
      expect(app.server.requests).toHaveLength(2);
    },
  );

  it("keeps nobody else from trying where the server has certainly done nothing", async () => {
    const rotate = rotatingTokens();
    app = await startRenewingApp({
      answer: (res, request) => (app.server.requests.length === 1 ? json(res, {}, 429) : rotate(res, request)),
    });
    app.clock.pass(anHour);

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
    expect(await app.inAnotherProcess().credential(patient)).toEqual(bearer("access-1"));
  });

  it("keeps nobody from a token that the company has connected anew with", async () => {
    app = await startRenewingApp({
      answer: (res) => (app.server.requests.length === 1 ? res.destroy() : json(res, { access_token: "new" })),
    });
    app.clock.pass(anHour);
    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
    await app.store.replace(app.id, 1, newGrant({ accessToken: "other", refreshToken: "other" }));

    expect(await app.inAnotherProcess().credential(patient)).toEqual(bearer("new"));
  });

  it("for good ends the grant, and nobody asks again", async () => {
    app = await startRenewingApp({ answer: (res) => json(res, { error: "invalid_grant" }, 400) });
    app.clock.pass(almostAnHour);

    for (let n = 0; n < 20; n += 1) {
      await expect(app.tokens().credential(patient)).rejects.toMatchObject({
        code: "reconnect_required",
        signInPath: "/auth/aircall",
      });
      app.clock.pass(120_000);
    }
    expect(app.server.requests).toHaveLength(1);
    expect(await app.store.get(app.id)).toMatchObject({ state: "ended" });
  });

  it("for good ends nothing when another process has renewed meanwhile", async () => {
    app = await startRenewingApp({
      answer: async (res) => {
        await app.store.replace(app.id, 1, newGrant({ accessToken: "sibling", expiresAt: null }));
        json(res, { error: "invalid_grant" }, 400);
      },
    });
    app.clock.pass(almostAnHour);

    expect(await app.tokens().credential(patient)).toEqual(bearer("sibling"));
  });

  it("to be written is written at the next use, without asking the server again", async () => {
    let broken = true;
    app = await startRenewingApp({
      answer: rotatingTokens(),
      wrapStore: (store) => ({
        ...store,
        replace: (...args) =>
          broken ? Promise.reject(new StoreError("keep a grant", "READONLY")) : store.replace(...args),
      }),
    });
    app.clock.pass(anHour);

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "store_failed" });
    broken = false;
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-1"));
    expect(app.server.requests).toHaveLength(1);
    expect(await app.store.get(app.id)).toMatchObject({ refreshToken: "refresh-1", version: 2 });
  });

  it("is not begun under a lock that may end before the answer comes", async () => {
    app = await startRenewingApp({
      answer: rotatingTokens(),
      wrapStore: (store) => ({ ...store, withLock: (_id, work) => work({ remainingMs: () => 19_999 }) }),
    });
    app.clock.pass(anHour);

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "renewal_failed" });
    expect(app.server.requests).toHaveLength(0);
  });

  it("shows no secret, even when the server repeats the request", async () => {
    app = await startRenewingApp({ answer: (res, { body }) => res.writeHead(500).end(body) });
    app.clock.pass(anHour);
    const error: unknown = await app
      .tokens()
      .credential(patient)
      .catch((failure: unknown) => failure);

    const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + (error as Error).stack;
    expect(shown).toContain("500");
    expect(shown).not.toMatch(/s3cret|refresh-0|access-0/);
  });
});

describe("a caller", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("waits ten seconds for a renewal, and no longer", async () => {
    const app = await startRenewingApp({ answer: () => undefined });
    app.clock.pass(anHour);
    const outcome = app
      .tokens()
      .credential(patient)
      .catch((error: unknown) => error);

    await jest.advanceTimersByTimeAsync(10_000);

    expect(await outcome).toMatchObject({ code: "renewal_failed", status: 503, retryAfterMs: 1_000 });
    await end(app);
  });

  it("whose token is still good waits a second, and those who come later do not wait at all", async () => {
    const app = await startRenewingApp({ answer: () => undefined });
    app.clock.pass(almostAnHour);
    const first = jest.fn();
    void app.tokens().credential(patient).then(first);

    await jest.advanceTimersByTimeAsync(999);
    expect(first).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(first).toHaveBeenCalledWith(bearer("access-0"));
    for (let n = 0; n < 20; n += 1) expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    await end(app);
  });

  async function end(app: Awaited<ReturnType<typeof startRenewingApp>>): Promise<void> {
    jest.useRealTimers();
    await app.server.close();
    await app.close();
  }
});

function noting(store: GrantStore, order: string[]): GrantStore {
  return {
    ...store,
    async replace(...args) {
      const written = await store.replace(...args);
      order.push("written");
      return written;
    },
  };
}

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
