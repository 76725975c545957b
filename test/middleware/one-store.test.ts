import { memoryGrants, type AircallAuthOptions } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { browserAt, countCalls, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { moveTime } from "../support/moved-time";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

const anHourMs = 3_600_000;
const time = moveTime();

/** One store, and a middleware for each of these settings; the first has connected a company. */
async function startBeside(...settings: Partial<AircallAuthOptions>[]) {
  const simulator = await startSimulator({ tokens: "rotating" });
  const grants = watchGrants();
  const common = { ...getAndRefresh(simulator), grants: grants.store };
  const apps = settings.map((own) => createConnectedApp({ ...common, ...own }));
  await signIn(browserAt(apps[0]!), simulator);
  simulator.clearRequests();

  const companyId = simulator.companies[0].id;
  /** What a job of each comes to, all at once. */
  const work = () =>
    Promise.all(
      apps.map(({ auth }) => countCalls(auth.clientFor(companyId)).catch((error: { code: string }) => error.code)),
    );
  return { simulator, grants, apps, work };
}

const asked = ({ requests }: Simulator) => requests.filter(({ path }) => path === "/v1/oauth/token").length;
const failRenewals = (simulator: Simulator, fault: Parameters<Simulator["fail"]>[0]) =>
  simulator.fail({ match: { path: "/v1/oauth/token" }, ...fault });

describe("two middlewares of one app over one store", () => {
  it("renew once", async () => {
    const { simulator, work } = await startBeside({}, {});
    time.pass(anHourMs);

    expect(await work()).toEqual([5, 5]);
    expect(asked(simulator)).toBe(1);
  });

  it.each<[string, Parameters<Simulator["fail"]>[0]]>([
    ["a gateway's 504", { status: 504 }],
    ["a connection cut after the answer", { reset: "after" }],
    ["an answer that is no JSON", { brokenJson: true }],
    ["a 503", { status: 503 }],
    ["a 429", { status: 429 }],
  ])("wait together after %s, whoever met it", async (_, fault) => {
    const { simulator, work } = await startBeside({}, {});
    const repair = failRenewals(simulator, { ...fault, times: 1 });
    time.pass(anHourMs);
    for (let n = 0; n < 5; n += 1) expect(await work()).toEqual(["renewal_failed", "renewal_failed"]);
    expect(asked(simulator)).toBe(1);

    repair();
    time.pass(5_000);
    expect(await work()).not.toContain("renewal_failed");
    expect(asked(simulator)).toBe(2);
  });

  it("renew on when one of them was closed, and when that was opened anew", async () => {
    const { apps, work, simulator, grants } = await startBeside({}, {}, {});
    for (const closing of [1, 2]) {
      await apps[closing]!.auth.close();
      time.pass(anHourMs);
      expect((await work())[0]).toBe(5);
    }
    expect(asked(simulator)).toBe(2);

    const { auth } = createConnectedApp({ ...getAndRefresh(simulator), grants: grants.store });
    time.pass(anHourMs);
    expect(await countCalls(auth.clientFor(simulator.companies[0].id))).toBe(5);
  });

  it("are two where one of them must never renew", async () => {
    const { apps, simulator, work } = await startBeside({}, { initiateOAuth: "OFF" });
    time.pass(anHourMs);

    expect(await countCalls(apps[1]!.auth.clientFor(simulator.companies[0].id)).catch(() => "failed")).toBe("failed");
    expect(asked(simulator)).toBe(0);
    expect((await work())[0]).toBe(5);
    expect(await work()).toEqual([5, 5]);
  });
});

describe("two apps over one store", () => {
  it("use and renew no grant of each other", async () => {
    const { simulator, work } = await startBeside({}, { oauthClientId: "another", oauthClientSecret: "a".repeat(32) });
    expect(await work()).toEqual([5, "not_connected"]);
    time.pass(anHourMs);

    expect(await work()).toEqual([5, "not_connected"]);
    expect(asked(simulator)).toBe(1);
  });
});

it("keeps what two stores have apart", async () => {
  const { work, simulator } = await startBeside({}, { grants: memoryGrants() });
  expect(await work()).toEqual([5, "not_connected"]);
  expect(asked(simulator)).toBe(0);
});
