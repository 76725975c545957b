import request from "supertest";
import type { Call, Simulator } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";

function signedIn(simulator: Simulator) {
  const { user, password } = simulator.basic;
  return request.agent(simulator.url).auth(user, password);
}

function idsIn(body: unknown): number[] {
  return (body as { calls: Call[] }).calls.map(({ id }) => id);
}

describe("calls at the simulator", () => {
  it("come in pages that link to each other at the address the client used", async () => {
    const simulator = await startSimulator();
    const { calls } = simulator.companies[0];

    const { body } = await signedIn(simulator).get("/v1/calls?order=desc&per_page=7&page=2");

    const newestFirst = calls.map(({ id }) => id).reverse();
    expect(idsIn(body)).toEqual(newestFirst.slice(7, 14));
    expect(body.meta).toEqual({
      count: 7,
      total: calls.length,
      current_page: 2,
      per_page: 7,
      next_page_link: `${simulator.url}/v1/calls?order=desc&per_page=7&page=3`,
      previous_page_link: `${simulator.url}/v1/calls?order=desc&per_page=7&page=1`,
    });
  });

  it("are all reached by following the links, oldest first", async () => {
    const simulator = await startSimulator();
    const seen: number[] = [];

    let next: string | null = "/v1/calls?per_page=50";
    while (next !== null) {
      const { body } = await signedIn(simulator).get(next.replace(simulator.url, ""));
      seen.push(...idsIn(body));
      next = body.meta.next_page_link;
    }

    expect(seen).toEqual(simulator.companies[0].calls.map(({ id }) => id));
  });

  it("are narrowed by from and to, both included", async () => {
    const simulator = await startSimulator();
    const { calls } = simulator.companies[0];
    const [from, to] = [calls[20]?.started_at, calls[30]?.started_at];

    const { body } = await signedIn(simulator).get("/v1/calls").query({ from, to, per_page: 50 });

    const within = calls.filter((call) => call.started_at >= Number(from) && call.started_at <= Number(to));
    expect(idsIn(body)).toEqual(within.map(({ id }) => id));
  });

  it("give at most 50 to a page", async () => {
    const simulator = await startSimulator();

    const { body } = await signedIn(simulator).get("/v1/calls?per_page=500");

    expect([body.meta.per_page, body.calls.length]).toEqual([50, 50]);
  });

  it.each(["page=0", "page=x", "per_page=0", "from=yesterday", "to=1.5", "order=up", "page=1&page=2"])(
    "refuse %s",
    async (query) => {
      const simulator = await startSimulator();

      const answer = await signedIn(simulator).get(`/v1/calls?${query}`);

      expect([answer.status, answer.body.error]).toEqual([400, "Bad Request"]);
    },
  );

  it("cannot be paged past the cap, though the link still points there", async () => {
    const simulator = await startSimulator({ resultCap: 100 });
    const client = signedIn(simulator);

    const last = await client.get("/v1/calls?per_page=50&page=2");
    const beyond = await client.get(String(last.body.meta.next_page_link).replace(simulator.url, ""));

    expect([last.status, beyond.status]).toEqual([200, 400]);
    expect(beyond.body).toMatchObject({
      message: "BAD_REQUEST",
      troubleshoot: "BAD_REQUEST",
      data: null,
      success: false,
    });
  });

  it("show the contact only to those who ask", async () => {
    const simulator = await startSimulator();
    const known = simulator.companies[0].calls.find(({ contact }) => contact !== null);
    const client = signedIn(simulator);

    const without = await client.get(`/v1/calls/${known?.id}`);
    const with_ = await client.get(`/v1/calls/${known?.id}?fetch_contact=true`);

    expect(without.body.call.contact).toBeNull();
    expect(with_.body.call.contact).toMatchObject({
      id: known?.contact?.id,
      phone_numbers: [{ value: known?.raw_digits }],
    });
  });

  it("have voicemails one can listen to", async () => {
    const simulator = await startSimulator();
    const left = simulator.companies[0].calls.find(({ voicemail }) => voicemail !== null);
    const { body } = await signedIn(simulator).get(`/v1/calls/${left?.id}`);

    const sound = await request(String(body.call.voicemail)).get("");

    expect([sound.status, sound.type]).toEqual([200, "audio/wav"]);
  });

  it("are not shown to the other company", async () => {
    const simulator = await startSimulator();
    const { access_token } = simulator.issueToken({ companyId: simulator.companies[1].id });

    const answer = await request(simulator.url)
      .get(`/v1/calls/${simulator.companies[0].calls[0]?.id}`)
      .auth(access_token, { type: "bearer" });

    expect(answer.status).toBe(404);
  });
});

describe("comments at the simulator", () => {
  it("stay: what was written is read back, without an author and without emoji", async () => {
    const simulator = await startSimulator();
    const call = simulator.companies[0].calls.find(({ comments }) => comments.length === 0);
    const client = signedIn(simulator);

    const written = await client.post(`/v1/calls/${call?.id}/comments`).send({ content: "Call 5 back 👍🏽 soon" });
    const { body } = await client.get(`/v1/calls/${call?.id}`);

    expect([written.status, written.text]).toEqual([201, ""]);
    expect(body.call.comments).toEqual([
      { id: expect.any(Number), content: "Call 5 back  soon", posted_at: expect.any(Number), posted_by: null },
    ]);
  });

  it("end at five", async () => {
    const simulator = await startSimulator();
    const call = simulator.companies[0].calls.find(({ comments }) => comments.length === 0);
    const client = signedIn(simulator);

    const statuses: number[] = [];
    for (const content of ["1", "2", "3", "4", "5", "6"]) {
      statuses.push((await client.post(`/v1/calls/${call?.id}/comments`).send({ content })).status);
    }

    expect(statuses).toEqual([201, 201, 201, 201, 201, 400]);
    expect(new Set(call?.comments.map(({ id }) => id)).size).toBe(5);
  });

  it.each([
    ["no content", {}, 400],
    ["blank content", { content: "  " }, 400],
    ["content that is no text", { content: 7 }, 400],
    ["something that is not JSON", '{"content":', 400],
  ])("refuse %s", async (_what, body, status) => {
    const simulator = await startSimulator();
    const call = simulator.companies[0].calls[0];

    const answer = await signedIn(simulator).post(`/v1/calls/${call?.id}/comments`).type("json").send(body);

    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ success: false })]);
  });

  it("need a call", async () => {
    const simulator = await startSimulator();

    const answer = await signedIn(simulator).post("/v1/calls/1/comments").send({ content: "Hello" });

    expect(answer.status).toBe(404);
  });
});
