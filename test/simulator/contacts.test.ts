import type { Contact, SimulatorOptions } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const someone = { first_name: "Bo", phone_numbers: [{ label: "work", value: "+33199001234" }] };

async function start(options: SimulatorOptions = {}) {
  const clock = stoppedClock();
  const simulator = await startSimulator({ now: clock.now, ...options });
  return { clock, simulator, api: apiOf(simulator), contacts: simulator.companies[0].contacts };
}

describe("contacts at the simulator", () => {
  it("are listed and found once they are created", async () => {
    const { api } = await start({ searchLagSeconds: 0 });

    const { status, body } = await api.post("/v1/contacts").send(someone);
    const listed = await api.get("/v1/contacts?order=desc&per_page=1");
    const found = await api.get("/v1/contacts/search").query({ phone_number: "+33199001234" });

    expect(status).toBe(200);
    expect(body.contact).toMatchObject({ ...someone, last_name: null, is_shared: true });
    expect(listed.body.contacts).toEqual([body.contact]);
    expect(found.body.contacts).toEqual([body.contact]);
  });

  it("are found some seconds after they were written, by what they had then", async () => {
    const { api, clock } = await start({ searchLagSeconds: 5 });
    const found = async (phone_number: string) =>
      (await api.get("/v1/contacts/search").query({ phone_number })).body.contacts.length as number;
    const { body } = await api.post("/v1/contacts").send(someone);

    clock.forward(4_999);
    expect(await found("+33199001234")).toBe(0);
    expect((await api.get(`/v1/contacts/${body.contact.id}`)).status).toBe(200);
    clock.forward(1);
    expect(await found("+33199001234")).toBe(1);

    await api.post(`/v1/contacts/${body.contact.id}/phone_details`).send({ value: "+33199001235" });
    expect([await found("+33199001235"), await found("+33199001234")]).toEqual([0, 1]);
    clock.forward(5_000);
    expect(await found("+33199001235")).toBe(1);
  });

  it("are found at once by a kind simulator, and late by any other", async () => {
    for (const [options, count] of [
      [{ kind: true }, 1],
      [{}, 0],
      [{ kind: true, searchLagSeconds: 1 }, 0],
    ] as const) {
      const { api } = await start(options);
      await api.post("/v1/contacts").send(someone);
      const { body } = await api.get("/v1/contacts/search").query({ phone_number: "+33199001234" });
      expect([options, body.contacts.length]).toEqual([options, count]);
    }
  });

  it("are found by their e-mail address, and not by another's", async () => {
    const { api, contacts } = await start();
    const email = contacts[1]!.emails[0]!.value;

    const { body } = await api.get("/v1/contacts/search").query({ email });
    const none = await api.get("/v1/contacts/search").query({ email: "no@example.com" });

    expect((body.contacts as Contact[]).map(({ id }) => id)).toEqual([contacts[1]!.id]);
    expect(none.body.contacts).toEqual([]);
  });

  it("keep what an update leaves out, and come last by updated_at", async () => {
    const { api, clock, contacts } = await start();
    const [contact] = contacts;
    const first = contact!.first_name;
    clock.forward(5_000);

    const { status, body } = await api.post(`/v1/contacts/${contact!.id}`).send({ last_name: "Berg" });
    const latest = await api.get("/v1/contacts?order_by=updated_at&order=desc&per_page=1");

    expect([status, body.contact.first_name, body.contact.last_name]).toEqual([200, first, "Berg"]);
    expect(latest.body.contacts[0].id).toBe(contact!.id);
  });

  it.each([
    ["phone_details", "phone_detail", "phone_numbers", "+33199001234", "+33199001235"],
    ["email_details", "email_detail", "emails", "bo@example.com", "bo@example.org"],
  ] as const)("have %s with ids of their own", async (path, key, list, value, other) => {
    const { api, contacts } = await start();
    const url = `/v1/contacts/${contacts[0]!.id}`;

    const added = await api.post(`${url}/${path}`).send({ label: "home", value });
    const detail = added.body[key] as { id: number };
    const updated = await api.put(`${url}/${path}/${detail.id}`).send({ value: other });
    const shown = await api.get(url);
    const removed = await api.delete(`${url}/${path}/${detail.id}`);

    expect([added.status, updated.status, removed.status]).toEqual([201, 202, 204]);
    expect(shown.body.contact[list]).toContainEqual({ id: detail.id, label: "home", value: other });
    expect(contacts[0]![list]).not.toContainEqual(expect.objectContaining({ id: detail.id }));
  });

  it("are gone once deleted", async () => {
    const { api, contacts } = await start();
    const { id } = contacts[0]!;

    expect((await api.delete(`/v1/contacts/${id}`)).status).toBe(204);
    expect((await api.get(`/v1/contacts/${id}`)).status).toBe(404);
  });

  it("are nobody else's", async () => {
    const { simulator, contacts } = await start();
    const others = apiOf(simulator, simulator.companies[1]);

    expect((await others.get(`/v1/contacts/${contacts[0]!.id}`)).status).toBe(404);
  });
});
