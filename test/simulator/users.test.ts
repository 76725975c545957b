import request from "supertest";
import type { Simulator, User } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";

const to = "+442079460958";

function signedIn(simulator: Simulator) {
  const { user, password } = simulator.basic;
  return request.agent(simulator.url).auth(user, password);
}

function userWho(simulator: Simulator, available: boolean): User {
  return simulator.companies[0].users.find((user) => user.available === available) as User;
}

describe("users at the simulator", () => {
  it("are listed in pages", async () => {
    const simulator = await startSimulator();

    const { body } = await signedIn(simulator).get("/v2/users?per_page=3");

    const firstThree = simulator.companies[0].users.slice(0, 3);
    expect((body.users as User[]).map(({ name }) => name)).toEqual(firstThree.map(({ name }) => name));
    expect(body.users[0].direct_link).toBe(`${simulator.url}/v1/users/${firstThree[0]?.id}`);
    expect(body.meta.total).toBe(8);
  });

  it.each(["id", "email"] as const)("are found by %s", async (property) => {
    const simulator = await startSimulator();
    const user = userWho(simulator, true);

    const { body } = await signedIn(simulator).get(`/v2/users/${user[property]}`);

    expect(body.user).toMatchObject({ name: user.name, email: user.email });
  });

  it("are 404 when nobody is meant", async () => {
    const simulator = await startSimulator();

    const answer = await signedIn(simulator).get("/v2/users/nobody@brightwater.example");

    expect(answer.status).toBe(404);
  });
});

describe("dialing at the simulator", () => {
  it("is accepted without a body, and remembered", async () => {
    const simulator = await startSimulator();
    const user = userWho(simulator, true);

    const answer = await signedIn(simulator).post(`/v1/users/${user.id}/dial`).send({ to });

    expect([answer.status, answer.text]).toEqual([204, ""]);
    const companyId = simulator.companies[0].id;
    expect(simulator.dials).toEqual([
      { kind: "dial", companyId, userId: user.id, to, numberId: null, at: expect.any(Number) },
    ]);
  });

  it("starts a call from a number of the user's", async () => {
    const simulator = await startSimulator();
    const user = userWho(simulator, true);
    const number = simulator.companies[0].numbers.find(({ users }) => users.some(({ id }) => id === user.id));

    const answer = await signedIn(simulator).post(`/v1/users/${user.id}/calls`).send({ to, number_id: number?.id });

    expect(answer.status).toBe(204);
    expect(simulator.dials).toMatchObject([{ kind: "call", userId: user.id, to, numberId: number?.id }]);
  });

  it("is 405 while the user is unavailable", async () => {
    const simulator = await startSimulator();

    const answer = await signedIn(simulator)
      .post(`/v1/users/${userWho(simulator, false).id}/dial`)
      .send({ to });

    expect([answer.status, answer.body]).toEqual([
      405,
      { error: "Method Not Allowed", troubleshoot: "The user is currently unavailable", success: false },
    ]);
    expect(simulator.dials).toEqual([]);
  });

  it.each([
    ["no number to dial", "dial", {}, 400],
    ["a number that is not E.164", "dial", { to: "020 7946 0958" }, 400],
    ["a call from nowhere", "calls", { to }, 400],
    ["a call from a number nobody has", "calls", { to, number_id: 1 }, 400],
  ])("refuses %s", async (_what, action, body, status) => {
    const simulator = await startSimulator();

    const answer = await signedIn(simulator)
      .post(`/v1/users/${userWho(simulator, true).id}/${action}`)
      .send(body);

    expect([answer.status, simulator.dials]).toEqual([status, []]);
  });

  it("refuses a user it does not know", async () => {
    const simulator = await startSimulator();

    expect((await signedIn(simulator).post("/v1/users/1/dial").send({ to })).status).toBe(404);
  });
});
