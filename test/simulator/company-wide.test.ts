import request from "supertest";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf, appOf } from "../support/servers/simulated-api";

const filter = { dateFilter: { relative: "TODAY" }, timezone: "Europe/Paris" };
const key = "a2p_campaign_associations";

describe("the address without a path", () => {
  it("says what this is to a program, without a credential", async () => {
    const simulator = await startSimulator();

    const { status, body } = await request(simulator.url).get("/");

    expect([status, Object.keys(body as object)]).toEqual([200, ["resource", "contact"]]);
  });
});

describe("an AI voice agent at the simulator", () => {
  it("accepts a call once for each idempotency key", async () => {
    const simulator = await startSimulator();
    const agent = simulator.companies[0].aiVoiceAgents[0]!;
    const body = { contact_phone: "+33199001234", idempotency_key: "k-1", context: { name: "Bo" } };
    const start = () => apiOf(simulator).post(`/v1/outbound-calls/agents/${agent.id}`).send(body);

    const accepted = await start();
    const again = await start();

    const { idempotency_key } = body;
    expect([accepted.status, accepted.body]).toEqual([
      202,
      { id: expect.any(String), idempotency_key, status: "PENDING", virtual_agent_id: agent.id },
    ]);
    expect([again.status, again.body.error, simulator.aiVoiceCalls.length]).toEqual([409, "Conflict", 1]);
  });

  it.each([59, 86_401])("does not wait %i seconds", async (expiration_seconds) => {
    const simulator = await startSimulator();
    const body = { contact_phone: "+33199001234", idempotency_key: "k-1", expiration_seconds };
    const { id } = simulator.companies[0].aiVoiceAgents[0]!;

    expect((await apiOf(simulator).post(`/v1/outbound-calls/agents/${id}`).send(body)).status).toBe(400);
  });
});

describe("a report at the simulator", () => {
  it("is pending, then complete, with a link that lives an hour", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });
    const api = apiOf(simulator);
    const input = { reportName: "CALLS_HISTORY", filter, exportOptions: { format: "CSV", exportName: "Today" } };

    const { body } = await api.post("/v1/analytics/report/export").send({ input });
    clock.forward(1_000);
    const ready = (await api.get(`/v1/analytics/report/export/${body.exportID}`)).body;
    const file = await request(String(ready.downloadUrl)).get("");
    clock.forward(3_600_000);
    const late = await request(String(ready.downloadUrl)).get("");

    expect(body).toMatchObject({ status: "PENDING", exportName: "Today", downloadUrl: null });
    expect([ready.status, file.status, file.type, late.status]).toEqual(["COMPLETED", 200, "text/csv", 403]);
    expect(file.text.split("\n")).toHaveLength(simulator.companies[0].calls.length + 2);
  });

  it.each([
    ["two ways to say when", { ...filter.dateFilter, absoluteRange: { fromDate: "2026-11-01", toDate: "2026-11-02" } }],
    ["none", {}],
  ])("is refused with %s", async (_what, dateFilter) => {
    const simulator = await startSimulator();
    const input = { reportName: "CALLS_HISTORY", filter: { ...filter, dateFilter } };

    const { status, body } = await apiOf(simulator).post("/v1/analytics/report/export").send({ input });

    expect([status, body.troubleshoot]).toEqual([400, expect.stringContaining("dateFilter")]);
  });
});

describe("an A2P campaign association at the simulator", () => {
  it("is created, listed, changed and deleted", async () => {
    const simulator = await startSimulator();
    const api = apiOf(simulator);
    const numbers = simulator.companies[0].numbers.map(({ id }) => id);

    const created = await api.post(`/v1/${key}`).send({ external_campaign_id: "C1", numbers });
    const url = `/v1/${key}/${created.body[key].id}`;
    const listed = await api.get(`/v1/${key}`);
    const changed = await api.put(url).send({ external_campaign_id: "C2" });
    const deleted = await api.delete(url);

    expect([created.status, deleted.status]).toEqual([201, 204]);
    expect(listed.body[key]).toEqual([created.body[key]]);
    expect(changed.body[key]).toMatchObject({ external_id: "C2", numbers });
    expect((await api.get(`/v1/${key}`)).body[key]).toEqual([]);
  });

  it("takes numbers of the company only", async () => {
    const api = apiOf(await startSimulator());
    expect((await api.post(`/v1/${key}`).send({ external_campaign_id: "C1", numbers: [1] })).status).toBe(400);
  });
});

describe("the integration at the simulator", () => {
  it("is switched off and on by the app itself", async () => {
    const simulator = await startSimulator();
    const app = appOf(simulator);
    const active = async () => (await app.get("/v1/integrations/me")).body.integration.active as boolean;

    await app.post("/v1/integrations/disable");
    const disabled = await active();
    const enabled = await app.post("/v1/integrations/enable?install=true");

    expect([disabled, enabled.status, await active()]).toEqual([false, 204, true]);
    expect((await apiOf(simulator).get("/v1/integrations/me")).status).toBe(403);
  });
});
