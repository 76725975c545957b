import { StoreError } from "../../src/errors/errors";
import type { Grant } from "../../src/grants/grant";
import { createGrantTokens } from "../../src/grants/access";
import type { Probe } from "../../src/http/credential";
import { newGrant, patient, start } from "../support/grants";
import { startRenewingApp } from "../support/apps/renewing-app";
import { rotatingTokens } from "../support/servers/token-server";

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, secret: token });
const refused = { code: "token_refused", status: 503, headers: { "Retry-After": "60" } };
const reconnect = { code: "reconnect_required", status: 401, signInPath: "/auth/aircall" };
/** As Aircall's are today. */
const permanent = { refreshToken: null, expiresAt: null };

describe("createGrantTokens", () => {
  let app: Awaited<ReturnType<typeof startRenewingApp>>;

  afterEach(() => app.close());

  async function connect(verdict: Awaited<ReturnType<Probe>>, grant: Partial<Grant> = permanent) {
    const probe = jest.fn<ReturnType<Probe>, Parameters<Probe>>(() => Promise.resolve(verdict));
    app = await startRenewingApp({ answer: rotatingTokens(), grant, probe });
    return probe;
  }

  it("reads the record once for one request, and not before it is needed", async () => {
    const get = jest.fn();
    app = await startRenewingApp({
      grant: permanent,
      wrapStore: (store) => ({ ...store, get: (id) => (get(), store.get(id)) }),
    });
    const tokens = app.tokens();
    expect(get).not.toHaveBeenCalled();

    await Promise.all([tokens.grant(), tokens.credential(patient), tokens.credential(patient)]);
    await tokens.credential(patient);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it("lets a long job notice a logout", async () => {
    await connect("accepted");
    const tokens = app.tokens();
    await tokens.credential(patient);
    await app.store.delete(app.id);
    app.clock.pass(10_000);

    await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "not_connected" });
  });

  it("asks the store again after it failed", async () => {
    let broken = true;
    app = await startRenewingApp({
      grant: permanent,
      wrapStore: (store) => ({
        ...store,
        get: (id) => (broken ? Promise.reject(new StoreError("read a grant", "down")) : store.get(id)),
      }),
    });
    const tokens = app.tokens();
    await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "store_failed" });
    broken = false;

    expect(await tokens.credential(patient)).toEqual(bearer("access-0"));
  });

  it("probes once when many requests of a grant are forbidden together", async () => {
    const probe = await connect("accepted");
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.tokens().refused(bearer("access-0"), 403, patient)),
    );

    expect(new Set(answers)).toEqual(new Set(["permission"]));
    expect(probe).toHaveBeenCalledTimes(1);
    expect(probe).toHaveBeenCalledWith(bearer("access-0"), expect.anything());
  });

  it.each([401, 403] as const)(
    "asks to come back in a minute when a %i is no matter of rights, and to sign in when it is refused again then",
    async (status) => {
      const probe = await connect("refused");

      for (let n = 0; n < 3; n += 1) {
        await expect(app.tokens().refused(bearer("access-0"), status, patient)).rejects.toMatchObject(refused);
      }
      expect(await app.store.get(app.id)).toMatchObject({ state: "active", refusedAt: new Date(app.clock.now()) });
      app.clock.pass(59_999);
      await expect(app.tokens().credential(patient)).rejects.toMatchObject(refused);
      expect(probe).toHaveBeenCalledTimes(1);

      app.clock.pass(1);
      await expect(app.tokens().credential(patient)).rejects.toMatchObject(reconnect);
      expect(await app.store.get(app.id)).toMatchObject({ state: "suspended" });
      expect(probe).toHaveBeenCalledTimes(2);
    },
  );

  it("goes on with what a sibling has written while Aircall was asked about the old token", async () => {
    const probe = await connect("refused");
    probe.mockImplementation(async () => {
      await app.store.replace(app.id, 1, newGrant({ accessToken: "sibling" }));
      return "refused";
    });

    expect(await app.tokens().refused(bearer("access-0"), 403, patient)).toBe("again");
    expect(await app.tokens().credential(patient)).toEqual(bearer("sibling"));
  });

  it("asks about a revoked grant once a minute, however often it is used, and after an hour every fifteen", async () => {
    const probe = await connect("refused");
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();
    for (let second = 0; second < 3_600; second += 1) {
      await expect(app.tokens().credential(patient)).rejects.toThrow();
      app.clock.pass(1_000);
    }
    expect(probe).toHaveBeenCalledTimes(60);

    for (let second = 0; second < 3_600; second += 1) {
      await expect(app.tokens().credential(patient)).rejects.toMatchObject(reconnect);
      app.clock.pass(1_000);
    }
    expect(probe).toHaveBeenCalledTimes(64);
  });

  it.each([
    ["a second", 1_000, ["token_refused"]],
    ["a minute", 60_000, ["token_refused"]],
    ["an hour", 3_600_000, ["token_refused", "reconnect_required"]],
  ])("goes on by itself when Aircall has refused everything for %s", async (_, refusedMs, codes) => {
    const probe = await connect("refused");
    const met = new Set<string>();
    for (let atMs = 0; atMs <= refusedMs + 900_000; atMs += 1_000) {
      if (atMs === refusedMs) probe.mockResolvedValue("accepted");
      const use =
        atMs === 0 ? app.tokens().refused(bearer("access-0"), 403, patient) : app.tokens().credential(patient);
      await use.catch(({ code }: { code: string }) => met.add(code));
      app.clock.pass(1_000);
    }

    expect([...met]).toEqual(codes);
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    expect(await app.store.get(app.id)).toMatchObject({ state: "active", refusedAt: null });
  });

  it("brings a suspended grant back", async () => {
    const probe = await connect("accepted", { ...permanent, state: "suspended", refusedAt: new Date(start - 60_000) });

    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    expect(await app.store.get(app.id)).toMatchObject({ state: "active", refusedAt: null });
    expect(probe).toHaveBeenCalledTimes(1);
  });

  it("asks about a refused grant that is merely looked at, and keeps nobody waiting for it", async () => {
    const probe = await connect("accepted", { ...permanent, state: "suspended", refusedAt: new Date(start - 60_000) });
    let answer = (_: "accepted"): void => undefined;
    probe.mockReturnValue(new Promise((resolve) => (answer = resolve)));

    for (let n = 0; n < 20; n += 1) expect(await app.tokens().grant()).toMatchObject({ state: "suspended" });
    answer("accepted");
    await app.renewals.close();

    expect(await app.tokens().grant()).toMatchObject({ state: "active", refusedAt: null });
    expect(probe).toHaveBeenCalledTimes(1);
  });

  it("takes a token for refused for good that has expired by its own words and cannot be renewed", async () => {
    await connect("refused", { refreshToken: null });
    app.clock.pass(3_600_000);

    await expect(app.tokens().refused(bearer("access-0"), 401, patient)).rejects.toMatchObject(reconnect);
  });

  it.each([
    ["another app's", "app-2", "not_connected"],
    ["its own", "app-1", null],
    ["that of an app which is not known", null, null],
  ])("looks whose grant it is: %s", async (_, of, code) => {
    await connect("accepted", { ...permanent, app: of });
    const tokens = createGrantTokens({ ...app, signInPath: null, app: "app-1", now: app.clock.now });

    const outcome = tokens.credential(patient).then(
      () => null,
      (error: { code: string }) => error.code,
    );
    expect(await outcome).toBe(code);
  });

  describe("whose link ends while somebody waits for it", () => {
    async function connectByLink(changes: Partial<Grant>) {
      app = await startRenewingApp({
        answer: async (res, request) => (await app.store.unlink(id, "link"), rotatingTokens()(res, request)),
        probe: async () => (await app.store.unlink(id, "link"), "accepted" as const),
      });
      const id = await app.store.create(newGrant(changes), 86_400_000, "link");
      return createGrantTokens({
        ...app,
        id,
        signInPath: null,
        now: app.clock.now,
        read: () => app.store.get(id, "link"),
      });
    }

    it.each([
      ["has expired", 3_600_000],
      ["expires soon", 3_590_000],
    ])("gives nothing when its token %s and is renewed", async (_, passedMs) => {
      const tokens = await connectByLink({});
      app.clock.pass(passedMs);
      await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "not_connected" });
      await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "not_connected" });
    });

    it("gives nothing when its token is renewed after a 401", async () => {
      const tokens = await connectByLink({});
      app.clock.pass(10_000);
      await expect(tokens.refused(bearer("access-0"), 401, patient)).rejects.toMatchObject({ code: "not_connected" });
    });

    it("gives nothing when Aircall accepts it again", async () => {
      const tokens = await connectByLink({ ...permanent, state: "suspended", refusedAt: new Date(start - 60_000) });
      await expect(tokens.credential(patient)).rejects.toMatchObject({ code: "not_connected" });
    });
  });

  it("keeps the grant when Aircall could not be asked", async () => {
    const probe = await connect("unknown");
    probe.mockRejectedValueOnce(new Error("down"));

    expect(await app.tokens().refused(bearer("access-0"), 403, patient)).toBe("permission");
    expect(await app.store.get(app.id)).toMatchObject({ state: "active", version: 1 });
  });

  it("never asks about a grant whose renewal was refused", async () => {
    const probe = await connect("accepted", { state: "ended" });

    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "reconnect_required" });
    expect(probe).not.toHaveBeenCalled();
  });

  it("renews after a 401, once for everyone who got it", async () => {
    const probe = await connect("refused", {});
    app.clock.pass(10_000);

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.tokens().refused(bearer("access-0"), 401, patient)),
    );

    expect(new Set(answers)).toEqual(new Set(["again"]));
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-1"));
    expect(app.server.requests).toHaveLength(1);
    expect(probe).not.toHaveBeenCalled();
  });

  it("asks to come back when a token renewed just now gets a 401, and renews it as soon as that may be", async () => {
    const probe = await connect("refused", {});
    app.clock.pass(10_000);
    const tokens = app.tokens();
    await tokens.refused(bearer("access-0"), 401, patient);

    await expect(tokens.refused(bearer("access-1"), 401, patient)).rejects.toMatchObject({
      code: "renewal_failed",
      retryAfterMs: 5_000,
    });
    expect(app.server.requests).toHaveLength(1);
    expect(probe).not.toHaveBeenCalled();

    app.clock.pass(5_000);
    expect(await tokens.refused(bearer("access-1"), 401, patient)).toBe("again");
    expect(await tokens.credential(patient)).toEqual(bearer("access-2"));
  });

  it("keeps what it knows of one grant from another", async () => {
    await connect("refused");
    const other = await app.store.create(newGrant({ ...permanent, accessToken: "other" }), 60_000);
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();

    expect(await app.store.get(other)).toMatchObject({ state: "active" });
  });
});
