import { RedisStore } from "connect-redis";
import { redisGrants } from "express-aircall";
import { describeOnEveryStore } from "../support/every-store";
import { moveTime } from "../support/moved-time";
import { describeWith } from "../support/programs";
import { startRedisGrants, type RedisGrants } from "../support/redis/redis-grants";
import { startTwoApps, startTwoServices, type Door, type OneApp, type TwoAppsOptions } from "../support/apps/two-apps";

const time = moveTime();
const anHourMs = 3_600_000;

type Kept = () => Pick<TwoAppsOptions, "store" | "common"> | Promise<Pick<TwoAppsOptions, "store" | "common">>;
type Hold = "session" | "company";

const holds: [a: Hold, b: Hold][] = [
  ["session", "session"],
  ["company", "company"],
  ["session", "company"],
];
const doors: Door[] = ["aircallAuth", "passport.authenticate"];

describeOnEveryStore("two apps in one process, their grants", (open) => {
  shareNothing(async () => ({ common: { grants: (await open()).grants } }), [["session", "company"]]);
});

describe("two apps in one process, their grants beside the sessions of both", () => {
  shareNothing(() => ({}));
});

describeWith("redis-server", "two apps and one Redis", () => {
  let redis: RedisGrants;
  beforeAll(async () => (redis = await startRedisGrants()));
  afterEach(() => redis.inside.flushAll());
  afterAll(() => redis.close());

  describe("behind the sessions", () => {
    shareNothing(async () => {
      const client = await redis.connect();
      return { store: () => new RedisStore({ client }) };
    });
  });

  describe.each(holds)("of two services that hold by %s and by %s", (a, b) => {
    it("share nothing", async () => {
      const common = { grants: redisGrants(await redis.connect()) };
      const { browser, ...apps } = await startTwoServices({ common, own: { a: { hold: a }, b: { hold: b } } });
      const [ofA, ofB] = [browser("a"), browser("b")];
      await apps.a.signIn(ofA);
      expect(await jobs(apps)).toEqual([5, "not_connected"]);
      await apps.b.signIn(ofB);
      expect(await apps.a.auth.disconnectCompany(apps.companyId)).toBe(1);

      expect([await apps.a.calls(ofA), await apps.b.calls(ofB)]).toEqual([401, 200]);
      expect(await jobs(apps)).toEqual(["not_connected", 5]);
      expect((await ofB.submit("/b/auth/aircall/logout")).status).toBe(303);
      expect((await jobs(apps))[1]).toBe(b === "company" ? 5 : "not_connected");
    });
  });
});

function shareNothing(kept: Kept, eachHolds = holds): void {
  describe.each(eachHolds)("that hold by %s and by %s", (a, b) => {
    const start = async (more: TwoAppsOptions = {}) =>
      startTwoApps({ ...(await kept()), own: { a: { hold: a }, b: { hold: b } }, ...more });

    it.each(doors)("connect each their own, by %s", async (door) => {
      const apps = await start({ door });
      const visitor = apps.browser();
      await apps.a.signIn(visitor);
      expect([await apps.a.connected(visitor), await apps.b.connected(visitor)]).toEqual([apps.companyId, null]);
      expect([await apps.a.calls(visitor), await apps.b.calls(visitor)]).toEqual([200, 401]);

      await apps.b.signIn(visitor);
      expect([await apps.a.calls(visitor), await apps.b.calls(visitor)]).toEqual([200, 200]);
      expect(refused(apps)).toEqual([0, 0]);
    });

    it("find each their own for a job", async () => {
      const apps = await start();
      await apps.a.signIn(apps.browser());
      expect(await jobs(apps)).toEqual([5, "not_connected"]);

      await apps.b.signIn(apps.browser());
      expect(await jobs(apps)).toEqual([5, 5]);
      expect(refused(apps)).toEqual([0, 0]);
    });

    it("renew each their own", async () => {
      const apps = await start({ tokens: "rotating" });
      const visitor = apps.browser();
      await apps.a.signIn(visitor);
      await apps.b.signIn(visitor);
      time.pass(anHourMs);
      const asked = [apps.a, apps.b].map(({ simulator }) => simulator.counts.tokenRequests);

      expect(await apps.a.calls(visitor)).toBe(200);
      expect([apps.a, apps.b].map(({ simulator }) => simulator.counts.tokenRequests)).toEqual([
        asked[0]! + 1,
        asked[1],
      ]);
      expect(await jobs(apps)).toEqual([5, 5]);
      expect([await apps.a.calls(visitor), await apps.b.calls(visitor)]).toEqual([200, 200]);
    });

    it.each(["a", "b"] as const)("disconnect each their own: %s", async (name) => {
      const apps = await start();
      const visitor = apps.browser();
      await apps.a.signIn(visitor);
      await apps.b.signIn(visitor);
      const [own, other] = name === "a" ? [apps.a, apps.b] : [apps.b, apps.a];

      expect((await visitor.submit(`/${name}/disconnect`)).status).toBe(200);
      expect([await own.connected(visitor), await other.connected(visitor)]).toEqual([null, apps.companyId]);
      expect([await own.calls(visitor), await other.calls(visitor)]).toEqual([401, 200]);
    });

    it.each(["a", "b"] as const)("end a company each for itself: %s", async (name) => {
      const apps = await start();
      const visitor = apps.browser();
      await apps.a.signIn(visitor);
      await apps.b.signIn(visitor);
      const [own, other] = name === "a" ? [apps.a, apps.b] : [apps.b, apps.a];

      expect(await own.auth.disconnectCompany(apps.companyId)).toBe(1);
      expect([await own.calls(visitor), await other.calls(visitor)]).toEqual([401, 200]);
      expect([await own.job(), await other.job()]).toEqual(["not_connected", 5]);
      expect(await own.auth.disconnectCompany(apps.companyId)).toBe(0);
    });

    it.each(["/a/auth/aircall/logout", "/b/auth/aircall/logout", "/a/destroy"])(
      "end with their session, each in its way, at %s",
      async (path) => {
        const apps = await start();
        const visitor = apps.browser();
        await apps.a.signIn(visitor);
        await apps.b.signIn(visitor);

        expect((await visitor.submit(path)).status).toBeLessThan(400);
        expect([await apps.a.calls(visitor), await apps.b.calls(visitor)]).toEqual([401, 401]);
        const left = ([a, b] as const).map((hold) => (hold === "company" ? 5 : "not_connected"));
        expect(await jobs(apps)).toEqual(left);
      },
    );
  });
}

function jobs({ a, b }: { a: OneApp; b: OneApp }): Promise<(number | string)[]> {
  return Promise.all([a.job(), b.job()]);
}

/** How often each Aircall was shown a token that is not its own. */
function refused({ a, b }: { a: OneApp; b: OneApp }): number[] {
  return [a, b].map(({ simulator }) => simulator.requests.filter(({ status }) => [401, 403].includes(status!)).length);
}
