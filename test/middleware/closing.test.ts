import { ClosedError, createAircallClient, type AircallClient } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { browserAt, createConnectedApp, getAndRefresh, signIn } from "../support/apps/connected-app";
import { startSimulator } from "../support/servers/simulated";
import { watchGrants } from "../support/watched-grants";

interface Closing {
  readonly client: AircallClient;
  readonly close: () => Promise<void>;
}

/** Nobody waits in vain. */
const timeoutMs = 600_000;

const ways: [string, (simulator: Simulator) => Closing | Promise<Closing>][] = [
  [
    "a job of an app with an API key",
    (simulator) => {
      const { auth } = createConnectedApp({ ...simulator.basic, timeoutMs });
      return { client: auth.clientFor(1), close: auth.close };
    },
  ],
  [
    "a job of a connected company",
    async (simulator) => {
      const app = createConnectedApp({ ...getAndRefresh(simulator), timeoutMs, grants: watchGrants().store });
      await signIn(browserAt(app), simulator);
      return { client: app.auth.clientFor(simulator.companies[0].id), close: app.auth.close };
    },
  ],
  [
    "a script",
    (simulator) => {
      const client = createAircallClient({ ...simulator.basic, timeoutMs });
      return { client, close: () => client.close() };
    },
  ],
  [
    "a script with a fetch of its own",
    (simulator) => {
      const client = createAircallClient({ ...simulator.basic, timeoutMs, fetch: globalThis.fetch });
      return { client, close: () => client.close() };
    },
  ],
];

describe.each(ways)("%s, whose client is closed,", (_, open) => {
  it("hears that while it waits for its turn, and whenever it asks later", async () => {
    const simulator = await startSimulator({ kind: true, rateLimit: 5, rateWindowSeconds: 20 });
    const { client, close } = await open(simulator);
    const codeOf = (asked: PromiseLike<unknown>) =>
      Promise.resolve(asked).then(
        () => "answered",
        (error: unknown) => (error instanceof ClosedError ? [error.code, error.status, error.outcome] : error),
      );
    await client.ping();
    const waiting = Array.from({ length: 10 }, (_, n) => codeOf(client.calls.get(n + 1)));
    const walking = codeOf(client.users.iterate({ per_page: 1 }).collect({ max: 100 }));
    while (client.budget.queued === 0) await new Promise(setImmediate);

    await close();
    const closed = ["closed", 503, "not_sent"];
    const heard = await Promise.all(waiting);
    expect(heard.slice(-5)).toEqual([closed, closed, closed, closed, closed]);
    expect(await walking).toEqual(closed);

    const before = simulator.counts.requests;
    expect(await codeOf(client.ping())).toEqual(closed);
    expect(await codeOf(client.tags.create({ name: "late", color: "#00B388" }))).toEqual(closed);
    expect(simulator.counts.requests).toBe(before);
  });
});
