import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const [one, two, three] = ["+33199001231", "+33199001232", "+33199001233"];

async function start() {
  const simulator = await startSimulator();
  const user = simulator.companies[0].users[0]!;
  return { simulator, user, api: apiOf(simulator), path: `/v1/users/${user.id}/dialer_campaign` };
}

describe("a dialer campaign at the simulator", () => {
  it("holds its numbers without the plus sign, each with an id to remove it by", async () => {
    const { api, path } = await start();
    const numbers = async () =>
      (await api.get(`${path}/phone_numbers`)).body.numbers as { id: number; number: string }[];

    const created = await api.post(path).send({ phone_numbers: [one, two] });
    const added = await api.post(`${path}/phone_numbers`).send({ phone_numbers: [three] });
    const [first] = await numbers();
    const removed = await api.delete(`${path}/phone_numbers/${first!.id}`);

    expect([created.status, added.status, removed.status]).toEqual([204, 204, 204]);
    expect((await numbers()).map(({ number }) => number)).toEqual([two, three].map((digits) => digits.slice(1)));
    expect((await api.delete(`${path}/phone_numbers/${first!.id}`)).status).toBe(404);
  });

  it("refuses numbers that wait to be called, naming them, and adds none of the others", async () => {
    const { api, path } = await start();
    await api.post(path).send({ phone_numbers: [one] });

    const { status, body } = await api.post(`${path}/phone_numbers`).send({ phone_numbers: [one, two] });

    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: "Unprocessable Entity",
      success: false,
      errors: { dialer_campaign: [`${one} already imported, but not called`] },
    });
    expect((await api.get(`${path}/phone_numbers`)).body.meta.total).toBe(1);
  });

  it("takes a number again once it was called", async () => {
    const { simulator, user, api, path } = await start();
    await api.post(path).send({ phone_numbers: [one] });
    simulator.companies[0].dialerCampaigns.get(user.id)!.numbers[0]!.called = true;

    expect((await api.post(`${path}/phone_numbers`).send({ phone_numbers: [one] })).status).toBe(204);
  });

  it("skips what is no phone number, and needs one that is", async () => {
    const { api, path } = await start();

    const none = await api.post(path).send({ phone_numbers: ["020 7946 0958"] });
    const some = await api.post(path).send({ phone_numbers: ["020 7946 0958", one] });

    expect([none.status, some.status]).toEqual([400, 204]);
    expect((await api.get(`${path}/phone_numbers`)).body.meta.total).toBe(1);
  });

  it("is 404 before it was created and after it was deleted", async () => {
    const { api, path } = await start();
    const status = async () => [(await api.get(path)).status, (await api.get(`${path}/phone_numbers`)).status];

    const before = await status();
    await api.post(path).send({ phone_numbers: [one] });
    const during = await status();
    await api.delete(path);

    expect([before, during, await status()]).toEqual([
      [404, 404],
      [200, 200],
      [404, 404],
    ]);
  });
});
