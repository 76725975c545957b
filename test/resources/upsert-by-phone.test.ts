import { AircallClient } from "../../src/client/client";
import { createAlone } from "../../src/http/alone";
import { createExclusive, type Exclusive } from "../../src/http/exclusive";
import { type Reply, useApi } from "../support/servers/api";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

const { serve, connect } = useApi();
const phone = "+33199001234";

/** A company whose search finds a new contact a minute late. */
async function company() {
  const clock = stoppedClock();
  const simulator = await startSimulator({ searchLagSeconds: 60, rateLimit: 10_000, now: clock.now });
  const { contacts, apiId, apiToken } = simulator.companies[0];
  const authorization = `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString("base64")}`;
  const tokens = {
    owner: () => Promise.resolve({ grant: "key", budget: "key" }),
    credential: () => Promise.resolve({ authorization, secret: apiToken }),
    refused: () => Promise.resolve("permission" as const),
  };
  const alone = createAlone(createExclusive(clock.now));
  const client = () => new AircallClient(connect({ url: simulator.url, arrived: [] }, { tokens, alone })).contacts;
  const asked = () => simulator.requests.map(({ method, path }) => `${method} ${path.replace(/\d+$/, ":id")}`);
  const withNumber = () =>
    contacts.filter(({ phone_numbers }) => phone_numbers.some(({ value }) => value.replace(/[^+\d]/g, "") === phone));
  return { simulator, clock, client, asked, withNumber, contacts };
}

const [search, create, update, get] = [
  "GET /v1/contacts/search",
  "POST /v1/contacts",
  "POST /v1/contacts/:id",
  "GET /v1/contacts/:id",
];

describe("contacts.upsertByPhone", () => {
  it("makes the contact that is not there, with its number", async () => {
    const { client, asked, withNumber } = await company();
    const made = await client().upsertByPhone(phone, { first_name: "Bo" });
    expect(made).toMatchObject({ first_name: "Bo", phone_numbers: [{ value: phone }] });
    expect([asked(), withNumber().length]).toEqual([[search, create], 1]);
  });

  it("gives one that is there its fields, and writes nothing that is so already", async () => {
    const { contacts, client, asked } = await company();
    const { id, phone_numbers } = contacts[2]!;
    const number = phone_numbers[0]!.value.replace(/[^+\d]/g, "");
    await expect(client().upsertByPhone(number, { last_name: "Berg" })).resolves.toMatchObject({
      id,
      last_name: "Berg",
    });
    await expect(client().upsertByPhone(number, { last_name: "Berg" })).resolves.toMatchObject({ id });
    expect(asked()).toEqual([search, update, search]);
  });

  it("makes one contact for a hundred callers at once, by two requests", async () => {
    const { client, asked, withNumber } = await company();
    const made = await Promise.all(
      Array.from({ length: 100 }, () => client().upsertByPhone(phone, { first_name: "Bo" })),
    );
    expect([new Set(made.map(({ id }) => id)).size, withNumber().length, asked()]).toEqual([1, 1, [search, create]]);
  });

  it("makes one for callers with different fields, and gives it those of the last", async () => {
    const { client, asked, withNumber } = await company();
    await Promise.all(["Al", "Bo", "Cy"].map((first_name) => client().upsertByPhone(phone, { first_name })));
    expect(withNumber()).toMatchObject([{ first_name: "Cy" }]);
    expect(asked()).toEqual([search, create, get, update, get, update]);
  });

  it("knows what it made while the search does not, and makes it again once it was deleted", async () => {
    const { client, clock, contacts, withNumber } = await company();
    const { id } = await client().upsertByPhone(phone);
    clock.forward(30_000);
    await expect(client().upsertByPhone(phone, { last_name: "Berg" })).resolves.toMatchObject({ id });
    clock.forward(3_600_000);
    await expect(client().upsertByPhone(phone)).resolves.toMatchObject({ id });
    contacts.splice(contacts.indexOf(withNumber()[0]!), 1);
    const again = await client().upsertByPhone(phone);
    expect([again.id === id, withNumber().length]).toEqual([false, 1]);
  });

  it("looks for itself where an answer was lost, and makes no second one", async () => {
    const { simulator, client, withNumber, asked } = await company();
    simulator.fail({ match: { method: "POST", path: "/v1/contacts" }, times: 1, reset: "after" });
    await expect(client().upsertByPhone(phone)).rejects.toMatchObject({ outcome: "unknown" });
    await expect(client().upsertByPhone(phone)).resolves.toMatchObject({ id: withNumber()[0]!.id });
    await expect(client().upsertByPhone(phone)).resolves.toMatchObject({ id: withNumber()[0]!.id });
    expect(asked().slice(2)).toEqual([search, "GET /v1/contacts", get]);
  });

  it("looks for what it made where Aircall answers with nothing", async () => {
    const [nobody, contact] = [{ body: { contacts: [] } }, { id: 7, phone_numbers: [{ value: phone }] }];
    const api = await serve(nobody, { status: 201 }, nobody, { body: { contacts: [contact] } });
    await expect(new AircallClient(connect(api)).contacts.upsertByPhone(phone)).resolves.toEqual(contact);
    expect(api.arrived.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "GET"]);
  });

  it("looks no further where it was refused", async () => {
    const { simulator, client, asked } = await company();
    simulator.fail({ match: { method: "POST", path: "/v1/contacts" }, times: 1, status: 422 });
    await expect(client().upsertByPhone(phone)).rejects.toMatchObject({ outcome: "refused" });
    await client().upsertByPhone(phone);
    expect(asked().slice(2)).toEqual([search, create]);
  });

  it.each(["01 99 00 12 34", "+33 1 99 00 12 34", "0033199001234"])(
    "finds a number that is written %s",
    async (value) => {
      const api = await serve({ body: { contacts: [{ id: 7, phone_numbers: [{ id: 1, value }] }] } });
      await expect(new AircallClient(connect(api)).contacts.upsertByPhone(phone)).resolves.toMatchObject({ id: 7 });
    },
  );

  it.each<[string, unknown]>([
    ["without numbers", { id: 7 }],
    ["with null for numbers", { id: 7, phone_numbers: null }],
    ["with an empty number", { id: 7, phone_numbers: [{ value: null }, null] }],
    ["of another country whose number ends the same", { id: 7, phone_numbers: [{ value: "+9 9001234" }] }],
    ["that is null", null],
  ])("passes by a contact %s", async (_what, contact) => {
    const own = { id: 9, phone_numbers: [{ value: phone }] };
    const api = await serve({ body: { contacts: [contact, own] } });
    await expect(new AircallClient(connect(api)).contacts.upsertByPhone(phone)).resolves.toMatchObject({ id: 9 });
  });

  it("touches nobody else's contact where the search finds one by mistake", async () => {
    const others = [{ value: "+33199001235" }, { value: "1234" }, { value: "anonymous" }];
    const found = { body: { contacts: [{ id: 7, phone_numbers: others }] } };
    const made = { body: { contact: { id: 8, phone_numbers: [{ value: phone }] } } };
    const api = await serve(found, made);
    await expect(new AircallClient(connect(api)).contacts.upsertByPhone(phone)).resolves.toMatchObject({ id: 8 });
    expect(api.arrived.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  it.each(["0199001234", "33199001234", "+33 1", "", "+0199001234"])(
    "refuses %p, which is no E.164",
    async (number) => {
      const { client, asked } = await company();
      const refused = { code: "bad_argument", outcome: "not_sent" };
      await expect(client().upsertByPhone(number)).rejects.toMatchObject(refused);
      expect(asked()).toEqual([]);
    },
  );

  it("leaves the others what one of them no longer wants, and stops when the last has left", async () => {
    const held: (() => void)[] = [];
    const wait: Reply = (_req, res) => held.push(() => res.end(JSON.stringify({ contacts: [contact] })));
    const contact = { id: 7, phone_numbers: [{ value: phone }] };
    const api = await serve(wait);
    const { contacts } = new AircallClient(connect(api));
    const [one, two, last] = [new AbortController(), new AbortController(), new AbortController()];
    const left = contacts.upsertByPhone(phone, {}, { signal: one.signal });
    const stays = contacts.upsertByPhone(phone, {}, { signal: two.signal });
    while (held.length < 1) await new Promise((resolve) => setImmediate(resolve));
    one.abort("left");
    await expect(left).rejects.toBe("left");
    held[0]!();
    await expect(stays).resolves.toEqual(contact);

    const alone = contacts.upsertByPhone(phone, {}, { signal: last.signal });
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    last.abort("gone");
    await expect(alone).rejects.toBe("gone");
  });

  it("keeps no phone number in the keys of what it remembers", async () => {
    const keys: string[] = [];
    const inside = createExclusive();
    const watching: Exclusive = (key, work) => (keys.push(key), inside(key, work));
    const api = await serve({ body: { contacts: [] } }, { body: { contact: { id: 8 } } });
    await new AircallClient(connect(api, { alone: createAlone(watching) })).contacts.upsertByPhone(phone);
    expect(keys).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
  });
});
