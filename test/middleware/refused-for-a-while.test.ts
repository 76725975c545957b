import type { AircallAuthOptions } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const aMinuteMs = 60_000;
const anHourMs = 3_600_000;
const toSignIn = "/auth/aircall?return_to=%2Fcalls&reason=revoked";

const time = moveTime();

/** A company that is connected, an app whose requests and jobs work with it, and a way to have Aircall refuse everything. */
async function startConnected(hold: "session" | "company", tokens: "permanent" | "rotating" = "permanent") {
  const simulator = await startSimulator({ tokens });
  const grants = watchGrants();
  const companyId = simulator.companies[0].id;
  const company: Partial<AircallAuthOptions> = hold === "company" ? { hold, company: () => companyId } : {};
  const app = createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store, ...company });
  const browser = browserAt(app);
  await signIn(browser, simulator);
  const job = app.auth.clientFor(companyId);
  simulator.clearRequests();

  /** What a visit to a guarded page, a script's request, the account and a job come to. */
  const use = async () => {
    const page = await browser.visit("/calls");
    const script = await browser.agent.get("/open");
    const account = await browser.visit("/account");
    const worked = await countCalls(job).catch((error: { code: string }) => error.code);
    return [page.headers["location"] ?? page.status, script.status, account.body !== null, worked];
  };
  const refuse = (status = 403) => simulator.fail({ match: { path: /^\/v1\/(?!oauth)/ }, status });
  return { simulator, grants, browser, refuse, use };
}

const works = [200, 200, true, 5];
const passes = [503, 503, true, "token_refused"];
const suspended = [toSignIn, 401, false, "reconnect_required"];

describe.each(["session", "company"] as const)(
  'a company whose token Aircall refuses for a while, hold: "%s"',
  (hold) => {
    it("is asked to come back in a minute, and nobody is sent to sign in", async () => {
      const { browser, refuse } = await startConnected(hold);
      refuse();

      for (const path of ["/calls", "/open", "/calls"]) {
        const answer = await browser.visit(path);
        expect([answer.status, answer.body]).toMatchObject([503, { code: "token_refused", retryAfterMs: 60_000 }]);
        time.pass(29_000);
      }
    });

    it.each([
      ["a second", 1_000],
      ["a minute", aMinuteMs],
    ])("goes on as if nothing had been after %s", async (_, refusedMs) => {
      const { use, refuse, simulator } = await startConnected(hold);
      const repair = refuse();
      expect(await use()).toEqual(passes);
      time.pass(refusedMs);
      repair();
      time.pass(aMinuteMs - refusedMs);

      expect(await use()).toEqual(works);
      expect(pings(simulator)).toBe(2);
    });

    it("is asked to sign in while that lasts an hour, and then goes on by itself", async () => {
      const { use, refuse, simulator } = await startConnected(hold);
      const repair = refuse();
      expect(await use()).toEqual(passes);
      for (let minute = 1; minute < 60; minute += 1) {
        time.pass(aMinuteMs);
        expect(await use()).toEqual(suspended);
      }
      expect(pings(simulator)).toBe(60);

      repair();
      time.pass(aMinuteMs);
      expect((await use()).slice(1)).toEqual(works.slice(1));
      expect(await use()).toEqual(works);
    });

    it("is noticed to be back by those who merely look", async () => {
      const { browser, grants, refuse, simulator, use } = await startConnected(hold);
      const repair = refuse();
      await use();
      time.pass(aMinuteMs);
      await use();
      repair();
      time.pass(aMinuteMs);
      expect((await browser.visit("/account")).body).toBeNull();

      await until(async () => (await grants.memory.get(grants.ids[0]!))?.state === "active");
      expect((await browser.visit("/account")).body).toMatchObject({ id: simulator.companies[0].id });
      expect((await browser.visit("/calls")).status).toBe(200);
    });

    it("with a refresh token ends by nothing but its renewal", async () => {
      const { grants, refuse, simulator, use } = await startConnected(hold, "rotating");
      const repair = refuse(401);
      for (let visits = 0; visits < 20; visits += 1) {
        expect(await use()).toEqual([503, 503, true, "renewal_failed"]);
        time.pass(4_000);
      }
      expect(pings(simulator)).toBe(0);
      repair();
      time.pass(5_000);

      expect(await use()).toEqual(works);
      time.pass(anHourMs);
      expect(await use()).toEqual(works);
      simulator.revoke(simulator.companies[0].id);
      time.pass(anHourMs);
      expect((await use()).slice(1)).toEqual(suspended.slice(1));
      expect(await grants.memory.get(grants.ids[0]!)).toMatchObject({ state: "ended" });
    });

    it("with a refresh token that outlives a refusal of two hours goes on by itself", async () => {
      const { grants, refuse, use } = await startConnected(hold, "rotating");
      const repair = refuse(403);
      for (let visits = 0; visits < 24; visits += 1) {
        await use();
        time.pass(5 * aMinuteMs);
      }
      expect(await grants.memory.get(grants.ids[0]!)).toMatchObject({ state: "suspended" });
      repair();
      time.pass(15 * aMinuteMs);

      await use();
      expect(await use()).toEqual(works);
    });
  },
);

function pings(simulator: Simulator): number {
  return simulator.requests.filter(({ path }) => path === "/v1/ping").length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
