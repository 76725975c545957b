import type { NestedUser, Simulator, User } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const to = "+33199001234";
const ana = { email: "ana@example.com", first_name: "Ana", last_name: "Diaz" };

async function start() {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now });
  return { clock, simulator, api: apiOf(simulator), company: simulator.companies[0] };
}

function availableUser({ companies: [{ users }] }: Simulator): User {
  return users.find(({ available }) => available)!;
}

describe("a user at the simulator", () => {
  it("is there once invited, and known by the address", async () => {
    const { api } = await start();

    const { status, body } = await api.post("/v2/users").send({ ...ana, role_ids: ["admin"], wrap_up_time: 30 });
    const read = await api.get("/v2/users/ana@example.com");

    expect([status, body.user.name]).toEqual([200, "Ana Diaz"]);
    expect(read.body.user).toMatchObject({ ...body.user, role_ids: ["admin"], wrap_up_time: 30 });
    expect((await api.post("/v2/users").send(ana)).status).toBe(422);
  });

  it("cannot be dialed while unavailable, and can again", async () => {
    const { simulator, api } = await start();
    const user = availableUser(simulator);
    const update = (change: object) => api.put(`/v2/users/${user.id}`).send(change);
    const dial = () => api.post(`/v1/users/${user.id}/dial`).send({ to });

    const { body } = await update({ availability_status: "unavailable", substatus: "on_a_break" });
    const availability = await api.get(`/v1/users/${user.id}/availability`);
    const refused = await dial();
    await update({ availability_status: "available" });

    expect(body.user).toMatchObject({ available: false, substatus: "on_a_break" });
    expect(availability.body).toEqual({ availability: "do_not_disturb" });
    expect([refused.status, refused.body]).toEqual([
      405,
      { error: "Method Not Allowed", troubleshoot: "The user is currently unavailable", success: false },
    ]);
    expect((await dial()).status).toBe(204);
  });

  it("is in the list of availabilities by id", async () => {
    const { api, company } = await start();

    const { body } = await api.get("/v1/users/availabilities");

    expect(body.meta.total).toBe(company.users.length);
    expect(body.users[0]).toEqual({ id: company.users[0]!.id, availability: "available" });
  });

  it("is gone everywhere a minute after being deleted, however often", async () => {
    const { api, company, clock } = await start();
    const [user, team, count] = [company.users[0]!, company.teams[0]!, company.users.length];

    const removed = await api.delete(`/v1/users/${user.id}`);
    clock.forward(59_999);
    const again = await api.delete(`/v1/users/${user.id}`);
    clock.forward(60_000);
    const { body } = await api.get(`/v1/teams/${team.id}`);

    const { status } = await api.get(`/v2/users/${user.id}`);
    expect([removed.status, again.status, status, company.users.length]).toEqual([204, 204, 404, count - 1]);
    expect((body.team.users as NestedUser[]).map(({ id }) => id)).not.toContain(user.id);
  });

  it("has the numbers that show the user", async () => {
    const { api, company } = await start();
    const user = company.users[1]!;
    const own = company.numbers.filter(({ users }) => users.some(({ id }) => id === user.id));

    const { body } = await api.get(`/v2/users/${user.id}/numbers`);

    expect((body.numbers as { id: number }[]).map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    expect(body.numbers[0].flow_editor_enabled).toBe(true);
  });
});

describe("a team at the simulator", () => {
  it("takes users in and lets them go", async () => {
    const { api, company } = await start();
    const user = company.users[0]!;
    const ids = (body: unknown) => (body as { team: { users: NestedUser[] } }).team.users.map(({ id }) => id);

    const { status, body } = await api.post("/v1/teams").send({ name: "Night shift" });
    const member = `/v1/teams/${body.team.id}/users/${user.id}`;
    const joined = await api.post(member);
    const left = await api.delete(member);

    expect([status, joined.status, left.status]).toEqual([200, 200, 200]);
    expect([ids(joined.body), ids(left.body)]).toEqual([[user.id], []]);
    expect((await api.delete(member)).status).toBe(404);
  });

  it.each([
    ["is taken", "Sales", "has already been taken"],
    ["is longer than 64 characters", "x".repeat(65), "is too long (maximum is 64 characters)"],
  ])("is refused with 422 when its name %s", async (_what, name, problem) => {
    const { api, company } = await start();
    const before = company.teams.length;

    const { status, body } = await api.post("/v1/teams").send({ name });

    expect([status, body.error, body.errors]).toEqual([422, "Unprocessable Entity", { name: [problem] }]);
    expect(company.teams).toHaveLength(before);
  });

  it("shows its users as they are now", async () => {
    const { api, company } = await start();
    const team = company.teams[0]!;
    const user = team.users[0]!;
    await api.put(`/v2/users/${user.id}`).send({ first_name: "Renamed", availability_status: "unavailable" });

    const one = await api.get(`/v1/teams/${team.id}`);
    const list = await api.get("/v1/teams");

    expect(one.body.team.users[0].name).toMatch(/^Renamed /);
    expect(one.body.team.users[0].availability_status).toBe("unavailable");
    expect(list.body.teams[0].users[0]).toEqual(one.body.team.users[0]);
  });

  it("is gone once deleted", async () => {
    const { api, company } = await start();
    const { id } = company.teams[0]!;

    expect([(await api.delete(`/v1/teams/${id}`)).status, (await api.get(`/v1/teams/${id}`)).status]).toEqual([
      204, 404,
    ]);
  });
});

describe("a number at the simulator", () => {
  it("shows its changes, and keeps the rest", async () => {
    const { api, company } = await start();
    const number = company.numbers[0]!;
    const { name } = number;
    const welcome = "https://example.com/welcome.mp3";

    await api.put(`/v1/numbers/${number.id}`).send({ messages: { ivr: "https://example.com/ivr.mp3" } });
    await api.put(`/v1/numbers/${number.id}`).send({ priority: 1, messages: { welcome } });
    const { body } = await api.get(`/v1/numbers/${number.id}`);

    expect(body.number).toMatchObject({ name, priority: 1, messages: { welcome, ivr: "https://example.com/ivr.mp3" } });
  });
});

describe("a tag at the simulator", () => {
  it("is created, renamed and deleted", async () => {
    const { api } = await start();

    const { status, body } = await api.post("/v1/tags").send({ name: "Late", color: "#00b388" });
    const url = `/v1/tags/${body.tag.id}`;
    await api.put(url).send({ name: "Very late", color: "#00b388" });
    const renamed = await api.get(url);
    const removed = await api.delete(url);

    expect([status, renamed.body.tag.name, removed.status]).toEqual([200, "Very late", 204]);
    expect((await api.get(url)).status).toBe(404);
  });

  it("is refused with 422 when its name is taken", async () => {
    const { api } = await start();
    expect((await api.post("/v1/tags").send({ name: "VIP", color: "#00b388" })).status).toBe(422);
  });
});
