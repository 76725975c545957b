import type { NestedUser, User } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

async function start() {
  const simulator = await startSimulator();
  return { api: apiOf(simulator), company: simulator.companies[0] };
}

const ana = { email: "ana@example.com", first_name: "Ana", last_name: "Diaz" };

describe("the simulator answers as Aircall was recorded to", () => {
  it("200 to what is created", async () => {
    const { api, company } = await start();
    const member = `/v1/teams/${company.teams[1]!.id}/users/${company.users[0]!.id}`;

    const statuses = [
      api.post("/v1/contacts").send({ phone_numbers: [{ value: "+33199001234" }] }),
      api.post("/v1/tags").send({ name: "Late", color: "#00b388" }),
      api.post("/v1/teams").send({ name: "Night shift" }),
      api.post(member),
      api.post("/v2/users").send(ana),
      api.post("/v1/webhooks").send({ url: "https://example.com/hooks" }),
    ].map(async (answer) => (await answer).status);

    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it("a tag without the description that was sent, and without a link", async () => {
    const { api } = await start();
    const tag = { name: "Late", color: "#00b388", description: "After six" };

    const { body } = await api.post("/v1/tags").send(tag);
    const changed = await api.put(`/v1/tags/${body.tag.id}`).send(tag);
    const listed = await api.get("/v1/tags?per_page=50");

    const kept = { ...tag, id: body.tag.id as number, description: null };
    expect([body.tag, changed.body.tag, (listed.body.tags as object[]).at(-1)]).toEqual([kept, kept, kept]);
  });

  it("the users of a number at its own address only", async () => {
    const { api, company } = await start();
    const { id, users } = company.numbers[0]!;

    const one = await api.get(`/v1/numbers/${id}`);
    const others = [
      (await api.get("/v1/numbers")).body.numbers[0],
      (await api.get(`/v2/users/${users[0]!.id}/numbers`)).body.numbers[0],
      (await api.put(`/v1/numbers/${id}`).send({ name: "Sales" })).body.number,
    ] as object[];

    expect(one.body.number.users).toHaveLength(users.length);
    expect(others.map((number) => "users" in number)).toEqual([false, false, false]);
  });

  it("somebody invited with substatus and state, signed out until they come", async () => {
    const { api, company } = await start();

    const { body } = await api.post("/v2/users").send(ana);
    const { id } = body.user as User;
    const url = `/v2/users/${id}`;
    const before = await api.put(url).send({ availability_status: "available" });
    const availability = await api.get(`/v1/users/${id}/availability`);
    company.invited.delete(id);
    const after = await api.put(url).send({ availability_status: "available" });

    const said = { substatus: "always_open", state: "always_opened", extension: null, default_number_id: null };
    expect(body.user).toMatchObject({ ...said, available: false, availability_status: "available" });
    expect([before.body.user.available, after.body.user.available]).toEqual([false, true]);
    expect(availability.body).toEqual({ availability: "offline" });
  });

  it("users with substatus and state wherever they are, but roles in no list", async () => {
    const { api, company } = await start();
    const { id } = company.users[3]!;

    const listed = await api.get("/v2/users");
    const { body } = await api.get(`/v2/users/${id}`);

    const [found] = (listed.body.users as User[]).filter((user) => user.id === id);
    expect(found).toMatchObject({ substatus: "out_for_lunch", state: "out_for_lunch" });
    expect(found).not.toHaveProperty("role_ids");
    expect(body.user).toEqual({ ...found, role_ids: ["agent"] });
  });

  it("users of a team with the hours and the number they have, in every answer", async () => {
    const { api, company } = await start();
    const { id, users } = company.teams[0]!;
    const url = `/v1/teams/${id}`;

    const answers = [
      (await api.get(url)).body.team,
      (await api.get("/v1/teams")).body.teams[0],
      (await api.post(`${url}/users/${users[0]!.id}`)).body.team,
    ] as { users: NestedUser[] }[];

    for (const team of answers) {
      expect(Object.keys(team.users[0]!).sort()).toEqual(
        ["availability_status", "created_at", "default_number_id", "direct_link", "email", "id", "language"].concat([
          "name",
          "time_zone",
          "wrap_up_time",
        ]),
      );
    }
  });

  it("contacts without a description", async () => {
    const { api } = await start();
    const { body } = await api.get("/v1/contacts?per_page=1");
    expect(body.contacts[0]).not.toHaveProperty("description");
  });

  it("what is wrong with a message by a key", async () => {
    const { api, company } = await start();

    const { status, body } = await api
      .post(`/v1/numbers/${company.numbers[0]!.id}/messages/native/send`)
      .send({ to: "nobody" });

    expect([status, body]).toEqual([400, { message: expect.stringMatching(/^to must be/), key: "InvalidPayload" }]);
  });
});
