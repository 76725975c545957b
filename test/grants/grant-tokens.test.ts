import { StoreError } from "../../src/errors";
import type { Grant } from "../../src/grants/grant";
import type { Probe } from "../../src/http/http";
import { newGrant, patient } from "../support/grants";
import { startRenewingApp } from "../support/renewing-app";
import { rotatingTokens } from "../support/token-server";

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, secret: token });
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
    "ends a grant without a refresh token when a %i is no matter of rights",
    async (status) => {
      const probe = await connect("refused");

      await expect(app.tokens().refused(bearer("access-0"), status, patient)).rejects.toMatchObject({
        code: "reconnect_required",
        signInPath: "/auth/aircall",
      });
      expect(await app.store.get(app.id)).toMatchObject({ state: "suspended", version: 2 });
      expect(probe).toHaveBeenCalledTimes(1);
    },
  );

  it("does not end a grant that was renewed while Aircall was asked about its old token", async () => {
    const probe = await connect("refused");
    probe.mockImplementation(async () => {
      await app.store.replace(app.id, 1, newGrant({ accessToken: "sibling" }));
      return "refused";
    });
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();

    expect(await app.tokens().credential(patient)).toEqual(bearer("sibling"));
  });

  it("asks about a revoked grant once a minute, however often it is used", async () => {
    const probe = await connect("refused");
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();
    for (let n = 0; n < 1_000; n += 1) {
      await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "reconnect_required" });
      app.clock.pass(180);
    }

    expect(probe).toHaveBeenCalledTimes(3);
  });

  it("brings a grant back when Aircall accepts its token again", async () => {
    const probe = await connect("refused");
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();
    probe.mockResolvedValue("accepted");
    await expect(app.tokens().credential(patient)).rejects.toMatchObject({ code: "reconnect_required" });

    app.clock.pass(60_000);
    expect(await app.tokens().credential(patient)).toEqual(bearer("access-0"));
    expect(await app.store.get(app.id)).toMatchObject({ state: "active" });
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

  it("probes, rather than renews again, when a token renewed just now gets a 401", async () => {
    const probe = await connect("refused", {});
    app.clock.pass(10_000);
    const tokens = app.tokens();
    await tokens.refused(bearer("access-0"), 401, patient);

    await expect(tokens.refused(bearer("access-1"), 401, patient)).rejects.toMatchObject({
      code: "reconnect_required",
    });
    expect(app.server.requests).toHaveLength(1);
    expect(probe).toHaveBeenCalledTimes(1);
  });

  it("keeps what it knows of one grant from another", async () => {
    await connect("refused");
    const other = await app.store.create(newGrant({ ...permanent, accessToken: "other" }), 60_000);
    await expect(app.tokens().refused(bearer("access-0"), 403, patient)).rejects.toThrow();

    expect(await app.store.get(other)).toMatchObject({ state: "active" });
  });
});
