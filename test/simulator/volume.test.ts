import request from "supertest";
import { createSimulator, type Call, type Contact, type Simulator } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

function signedIn(simulator: Simulator) {
  const { user, password } = simulator.basic;
  return request.agent(simulator.url).auth(user, password);
}

function idsIn(body: unknown): number[] {
  return (body as { calls: Call[] }).calls.map(({ id }) => id);
}

function startsOf(calls: readonly Call[]): number[] {
  return calls.map(({ started_at }) => started_at);
}

describe("a simulator with many records", () => {
  it("has exactly as many calls as asked, oldest first, of six months, each with its own id", () => {
    const clock = stoppedClock();
    const [{ calls }] = createSimulator({ calls: 25_000, now: clock.now }).companies;
    const starts = startsOf(calls);

    expect([calls.length, new Set(calls.map(({ id }) => id)).size]).toEqual([25_000, 25_000]);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    const months = (clock.now() / 1000 - Number(starts[0])) / (30.4 * 86_400);
    expect(months).toBeGreaterThan(5.5);
    expect(months).toBeLessThan(6);
    expect(Math.max(...calls.map(({ ended_at }) => Number(ended_at)))).toBeLessThanOrEqual(clock.now() / 1000);
  });

  it("has calls of one second on either side of nearly every page's end, and of the cap", () => {
    const starts = startsOf(createSimulator({ calls: 25_000 }).companies[0].calls);
    const shared = (position: number) => starts[position - 1] === starts[position];
    const pageEnds = Array.from({ length: 499 }, (_, page) => (page + 1) * 50);

    expect(pageEnds.filter(shared).length).toBeGreaterThan(480);
    expect(shared(10_000)).toBe(true);
  });

  it("keeps only the latest calls when fewer are asked for than there would be", () => {
    const { now } = stoppedClock();
    const all = createSimulator({ now }).companies[0].calls;

    expect(createSimulator({ now, calls: 10 }).companies[0].calls).toEqual(all.slice(-10));
    expect(createSimulator({ now, calls: 0 }).companies[0].calls).toEqual([]);
  });

  it("walks to the cap and not beyond, where the link still points", async () => {
    const simulator = await startSimulator({ calls: 12_000 });
    const client = signedIn(simulator);

    const last = await client.get("/v1/calls?per_page=50&page=200");
    const beyond = await client.get(String(last.body.meta.next_page_link).replace(simulator.url, ""));
    const search = await client.get("/v1/calls/search?per_page=50&page=201");

    expect([last.status, last.body.meta.total, last.body.calls.length]).toEqual([200, 12_000, 50]);
    expect(beyond.body).toMatchObject({ error: "Bad Request", message: "BAD_REQUEST", data: null, success: false });
    expect([beyond.status, search.status, search.body.message]).toEqual([400, 400, "BAD_REQUEST"]);
  });

  it("goes on behind the cap from the last second seen", async () => {
    const simulator = await startSimulator({ calls: 400, resultCap: 100 });
    const { calls } = simulator.companies[0];
    const client = signedIn(simulator);
    const from = calls[99]?.started_at;

    const { body } = await client.get(`/v1/calls?per_page=50&from=${from}`);

    const expected = calls.filter(({ started_at }) => started_at >= Number(from)).slice(0, 50);
    expect(idsIn(body)).toEqual(expected.map(({ id }) => id));
    expect(body.calls[0].id).not.toBe(calls[100]?.id);
  });

  it("counts pages from the newest when asked to, also the last one, which is short", async () => {
    const simulator = await startSimulator({ calls: 120 });
    const newestFirst = simulator.companies[0].calls.map(({ id }) => id).reverse();
    const client = signedIn(simulator);

    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => client.get(`/v1/calls?order=desc&per_page=50&page=${page}`)),
    );

    expect(pages.map(({ body }) => idsIn(body))).toEqual([
      newestFirst.slice(0, 50),
      newestFirst.slice(50, 100),
      newestFirst.slice(100),
      [],
    ]);
  });

  it("has as many contacts as asked, which can be ordered by their last change", async () => {
    const simulator = await startSimulator({ contacts: 12_000 });
    const client = signedIn(simulator);

    const created = await client.get("/v1/contacts?per_page=50&page=200");
    const beyond = await client.get("/v1/contacts?per_page=50&page=201");
    const changed = await client.get("/v1/contacts?per_page=50&order=desc&order_by=updated_at");

    const { contacts } = changed.body as { contacts: Contact[] };
    const times = contacts.map(({ updated_at }) => updated_at);
    expect([created.status, created.body.meta.total, beyond.status]).toEqual([200, 12_000, 400]);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    expect(contacts.filter(({ created_at, updated_at }) => created_at < updated_at).length).toBeGreaterThan(5);
  });

  it.each([{ calls: -1 }, { calls: 1.5 }, { calls: 1_000_001 }, { contacts: -1 }, { assetBytes: 43 }])(
    "refuses %j",
    (options) => {
      expect(() => createSimulator(options)).toThrow(Object.keys(options)[0]);
    },
  );
});

describe("calls that come and go", () => {
  it("arrive behind all others and ring, so that a walk in ascending order meets them last", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ calls: 60, now: clock.now });
    const client = signedIn(simulator);
    await client.get("/v1/calls?per_page=50");

    const added = simulator.addCalls(3);
    const { body } = await client.get("/v1/calls?per_page=50&page=2");

    expect(body.meta.total).toBe(63);
    expect(idsIn(body).slice(-3)).toEqual(added.map(({ id }) => id));
    expect(added[0]).toMatchObject({ status: "initial", started_at: clock.now() / 1000, ended_at: null, duration: 0 });
  });

  it("take their place by the start they are given, and have ended if that was long ago", () => {
    const clock = stoppedClock();
    const simulator = createSimulator({ calls: 60, now: clock.now });
    const { calls, id: companyId } = simulator.companies[1];
    const started_at = Number(calls[30]?.started_at);

    const [call] = simulator.addCalls([{ started_at, raw_digits: "anonymous" }], { companyId });

    const starts = startsOf(calls);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    expect(calls.indexOf(call as Call)).toBeGreaterThan(30);
    expect(call).toMatchObject({ status: "done", raw_digits: "anonymous" });
    expect(simulator.companies[0].calls).toHaveLength(60);
  });

  it("vanish: what follows moves up, and the call is not found any more", async () => {
    const simulator = await startSimulator({ calls: 60 });
    const client = signedIn(simulator);
    const [gone, ...others] = simulator.companies[0].calls.map(({ id }) => id);

    const removed = [simulator.removeCall(Number(gone)), simulator.removeCall(Number(gone))];
    const { body } = await client.get("/v1/calls?per_page=50&page=2");

    expect(removed).toEqual([true, false]);
    expect(idsIn(body)).toEqual(others.slice(50));
    expect((await client.get(`/v1/calls/${gone}`)).status).toBe(404);
  });

  it("cannot take an id that is taken", () => {
    const simulator = createSimulator({ calls: 1 });
    const id = Number(simulator.companies[0].calls[0]?.id);

    expect(() => simulator.addCalls([{ id }])).toThrow(`There is a call ${id} already.`);
  });
});
