import { watchGrants } from "../support/watched-grants";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { rounds } from "../support/promised";

describe("all the requests on a revoked grant", () => {
  it.each(["permanent", "rotating"] as const)(
    "ask to come back in a minute, after one ping and no renewal, with %s tokens",
    async (tokens) => {
      const simulator = await startSimulator({ tokens });
      const { app } = createConnectedApp({ ...getAndRefresh(simulator), grants: watchGrants().store });
      const browser = browserAt({ app });
      await signIn(browser, simulator);
      simulator.revoke(simulator.companies[0].id);
      simulator.clearRequests();

      const answers: [number, unknown][] = [];
      for (let left = rounds(200, 1_000); left > 0; left -= 50) {
        const few = await Promise.all(Array.from({ length: 50 }, () => browser.agent.get("/open")));
        answers.push(...few.map(({ status, body }): [number, unknown] => [status, (body as { code: unknown }).code]));
      }

      expect(new Set(answers.map(String))).toEqual(new Set(["503,token_refused"]));
      expect(simulator.requests.filter(({ path }) => path === "/v1/ping")).toHaveLength(1);
      expect(simulator.counts.tokenRequests).toBe(0);
      expect(simulator.counts.requests).toBeLessThanOrEqual(51);
    },
  );
});
