import { memoryGrants } from "express-aircall";
import { createRenewals } from "../../../src/grants/renewal/renew";
import { createClock, newGrant, start } from "../../support/grants";

const anHourMs = 3_600_000;

/** Renewals of one store, which say what was sent. */
function opened() {
  const clock = createClock();
  const store = memoryGrants({ now: clock.now });
  const [sent, probed]: [string[], string[]] = [[], []];
  const renew = (token: string) => {
    sent.push(token);
    const obtainedAt = new Date(clock.now());
    const tokens = { accessToken: `of ${token}`, refreshToken: token, expiresAt: null, obtainedAt };
    return Promise.resolve({ tokens, raw: {} });
  };
  const probe = ({ secret }: { secret: string }) => (probed.push(secret), Promise.resolve("accepted" as const));
  const parts = { store, probe, now: clock.now };
  const create = (refreshToken: string) => store.create(newGrant({ refreshToken }), 86_400_000);
  return {
    ...{ clock, store, sent, probed, create },
    renewals: createRenewals({ ...parts, endpoint: { renew } }),
    parts,
  };
}

describe("the renewals of a store", () => {
  it("help where there is a refresh token, and nobody forbids it", () => {
    const { renewals, parts } = opened();
    const [grant, permanent] = [{ refreshToken: "token" }, { refreshToken: null }].map((changes) => ({
      ...newGrant(changes),
      version: 1,
    }));
    expect([renewals.helps(grant!), renewals.helps(permanent!)]).toEqual([true, false]);
    const forbidden = createRenewals({ ...parts, endpoint: null });
    expect([forbidden.helps(grant!), forbidden.helps(permanent!)]).toEqual([false, false]);
  });

  it("are due in a token's last minute, but not in its first five seconds", () => {
    const { renewals, clock } = opened();
    const grant = { ...newGrant({ expiresAt: new Date(start + 4_000) }), version: 1 };
    clock.pass(4_999);
    expect(renewals.due("id", grant)).toBe(false);
    clock.pass(1);
    expect(renewals.due("id", grant)).toBe(true);
  });

  it("give each of two grants its own tokens, at the same time", async () => {
    const { renewals, store, create, clock, sent } = opened();
    const ids = [await create("one"), await create("two")];
    clock.pass(anHourMs);
    const renewed = await Promise.all(ids.map(async (id) => renewals.renew(id, (await store.get(id))!)));
    expect(renewed.map((grant) => grant?.accessToken)).toEqual(["of one", "of two"]);
    expect(sent.sort()).toEqual(["one", "two"]);
  });

  it("watch what is refused, and renew what has expired before Aircall is asked about it", async () => {
    const { renewals, store, create, clock, sent, probed } = opened();
    const id = await create("one");
    const grant = (await store.get(id))!;
    expect([renewals.watches(grant), renewals.watches({ ...grant, refusedAt: new Date(start) })]).toEqual([
      false,
      true,
    ]);
    clock.pass(anHourMs);
    expect((await renewals.check(id, grant)).verdict).toBe("accepted");
    expect([sent, probed]).toEqual([["one"], ["of one"]]);
  });
});
