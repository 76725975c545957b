import type { Call, Simulator } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf, type Api } from "../support/servers/simulated-api";

const to = "+33199001234";

async function start() {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now });
  return { clock, simulator, api: apiOf(simulator), company: simulator.companies[0] };
}

async function shown(api: Api, { id }: Call): Promise<Call> {
  return (await api.get(`/v1/calls/${id}`)).body.call as Call;
}

/** One that rings, at a number that records unless told otherwise. */
function ring(simulator: Simulator, given: Partial<Call> = {}): Call {
  const { users: _, ...number } = simulator.companies[0].numbers[0]!;
  return simulator.addCalls([{ direction: "inbound", number, ...given }])[0]!;
}

describe("a call at the simulator", () => {
  it("shows that it was archived, and brought back", async () => {
    const { api, company } = await start();
    const [call] = company.calls;

    const answer = await api.put(`/v1/calls/${call!.id}/archive`);
    const archived = (await shown(api, call!)).archived;
    await api.put(`/v1/calls/${call!.id}/unarchive`);

    expect([answer.status, answer.body.call.archived, archived]).toEqual([200, true, true]);
    expect((await shown(api, call!)).archived).toBe(false);
  });

  it("keeps each tag once, is found by all of them, and loses one that is deleted", async () => {
    const { api, company } = await start();
    const call = company.calls.find(({ tags }) => tags.length === 0)!;
    const [one, two] = company.tags.map(({ id }) => id);
    const search = () => api.get(`/v1/calls/search?tags[]=${one}&tags[]=${two}`);

    await api.post(`/v1/calls/${call.id}/tags`).send({ tags: [one] });
    const tagged = await api.post(`/v1/calls/${call.id}/tags`).send({ tags: [one, two] });
    const found = await search();
    await api.delete(`/v1/tags/${two}`);

    expect([tagged.status, tagged.text]).toEqual([201, ""]);
    expect((found.body.calls as Call[]).map(({ id }) => id)).toEqual([call.id]);
    expect((await search()).body.calls).toEqual([]);
    expect((await shown(api, call)).tags.map(({ id }) => id)).toEqual([one]);
  });

  it("is found by direction, user and number", async () => {
    const { api, company } = await start();
    const call = company.calls.find(({ user, raw_digits }) => user !== null && raw_digits !== "anonymous")!;
    const query = {
      direction: call.direction,
      user_id: call.user!.id,
      phone_number: call.raw_digits.replace(/[ -]/g, ""),
    };

    const { body } = await api.get("/v1/calls/search").query(query);

    expect((body.calls as Call[]).map(({ id }) => id)).toContain(call.id);
    for (const found of body.calls as Call[]) {
      expect([found.direction, found.user?.id, found.raw_digits]).toEqual([
        call.direction,
        call.user!.id,
        call.raw_digits,
      ]);
    }
  });

  it("loses its recording, and what was understood of it", async () => {
    const { api, company, clock } = await start();
    const call = company.calls.find(({ recording }) => recording !== null)!;
    const before = await api.get(`/v1/calls/${call.id}/summary`);

    const removed = await api.delete(`/v1/calls/${call.id}/recording`);
    clock.forward(599_999);
    const meanwhile = (await shown(api, call)).recording;
    clock.forward(1);

    expect(meanwhile).toMatch(/^http/);
    expect([before.status, removed.status, (await shown(api, call)).recording]).toEqual([200, 200, null]);
    expect((await api.get(`/v1/calls/${call.id}/summary`)).status).toBe(404);
  });

  it("that a user was told to start rings, is answered and ends as time goes by", async () => {
    const { api, clock, company } = await start();
    const number = company.numbers[0]!;
    const user = company.users.find(({ available, id }) => available && number.users.some((one) => one.id === id))!;
    const latest = async () => (await api.get("/v1/calls?order=desc&per_page=1")).body.calls[0] as Call;
    const availability = async () => (await api.get(`/v1/users/${user.id}/availability`)).body.availability as string;

    await api.post(`/v1/users/${user.id}/calls`).send({ to, number_id: number.id });
    const rings = await latest();
    clock.forward(5_000);
    const answered = [(await latest()).status, await availability()];
    clock.forward(60_000);
    const lagging = await latest();
    clock.forward(30_000);
    const ended = await latest();

    expect(rings).toMatchObject({ status: "initial", direction: "outbound", raw_digits: to, user: { id: user.id } });
    expect(answered).toEqual(["answered", "in_call"]);
    expect(lagging).toMatchObject({ id: rings.id, status: "answered", ended_at: null, duration: 0 });
    expect(ended).toMatchObject({ id: rings.id, status: "done", duration: 65 });
    expect(await availability()).toBe("available");
  });

  it.each(["pause", "resume"])("can %s its recording while it goes on, where its number records", async (verb) => {
    const { api, simulator, company } = await start();
    const call = ring(simulator);
    const ended = company.calls[0]!;
    const ask = ({ id }: Call) => api.post(`/v1/calls/${id}/${verb}_recording`);

    const statuses = [(await ask(call)).status, (await ask(ended)).status];
    await api.put(`/v1/numbers/${call.number.id}`).send({ live_recording_activated: false });

    expect(statuses).toEqual([204, 400]);
    expect((await ask(call)).status).toBe(405);
  });

  it("goes to a user, a team or, while it rings, to a number outside", async () => {
    const { api, simulator, company } = await start();
    const user = company.users.find(({ available }) => available)!;
    const team = company.teams[0]!;
    const [one, two, three] = [ring(simulator), ring(simulator), ring(simulator)];

    await api.post(`/v1/calls/${one.id}/transfers`).send({ user_id: user.id });
    await api.post(`/v1/calls/${two.id}/transfers`).send({ team_id: team.id, dispatching_strategy: "random" });
    const outside = await api.post(`/v1/calls/${three.id}/transfers`).send({ number: to });

    expect(outside.status).toBe(204);
    expect((await shown(api, one)).transferred_to).toMatchObject({ name: user.name });
    expect((await shown(api, two)).transferred_to).toMatchObject({ name: team.name });
    expect((await shown(api, three)).external_transferred_to).toBe(to);
  });

  it("stays where it is when a transfer is not possible", async () => {
    const { api, simulator, company } = await start();
    const away = company.users.find(({ available }) => !available)!;
    const answered = ring(simulator, { status: "answered" });
    const transfer = async ({ id }: Call, body: object) =>
      (await api.post(`/v1/calls/${id}/transfers`).send(body)).status;

    expect(await transfer(company.calls[0]!, { user_id: company.users[0]!.id })).toBe(400);
    expect(await transfer(answered, {})).toBe(400);
    expect(await transfer(answered, { user_id: company.users[0]!.id, number: to })).toBe(400);
    expect(await transfer(answered, { user_id: away.id })).toBe(405);
    expect(await transfer(answered, { number: to })).toBe(405);
  });

  it("takes insight cards while it goes on", async () => {
    const { api, simulator, company } = await start();
    const contents = [{ type: "title", text: "VIP" }];
    const call = ring(simulator);
    const send = async ({ id }: Call) => (await api.post(`/v1/calls/${id}/insight_cards`).send({ contents })).status;

    expect([await send(call), await send(company.calls[0]!)]).toEqual([201, 400]);
    expect(simulator.insightCards).toMatchObject([{ callId: call.id, contents }]);
  });
});
