import { AsyncLocalStorage } from "node:async_hooks";
import { memoryGrants, type AircallAuthOptions } from "express-aircall";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";

afterEach(() => jest.restoreAllMocks());

async function start(options: Partial<AircallAuthOptions>) {
  const simulator = await startSimulator();
  const app = createConnectedApp({ ...getAndRefresh(simulator), ...options });
  const browser = browserAt(app);
  await signIn(browser, simulator);
  return browser;
}

describe("a request of somebody who is connected", () => {
  it.each<[string, () => Partial<AircallAuthOptions>]>([
    ["the session store", () => ({})],
    ["a store of the app's", () => ({ grants: memoryGrants() })],
  ])("has Node follow no asynchronous context, with grants in %s", async (_where, options) => {
    const browser = await start(options());
    const run = jest.spyOn(AsyncLocalStorage.prototype, "run");
    for (const path of ["/calls", "/open", "/account"]) await browser.agent.get(path).expect(200);
    expect(run).not.toHaveBeenCalled();
  });
});
