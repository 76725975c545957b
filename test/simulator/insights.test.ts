import type { Call } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const keys = {
  transcription: "transcription",
  sentiments: "sentiment",
  predicted_csat: "csat",
  topics: "topic",
  summary: "summary",
  custom_summary_result: null,
  action_items: null,
  playbook_result: null,
  evaluations: null,
};
const each = Object.entries<string | null>(keys);

async function start() {
  const simulator = await startSimulator({ now: stoppedClock().now });
  return { api: apiOf(simulator), company: simulator.companies[0] };
}

describe("what was understood of a call at the simulator", () => {
  it.each(each)("has its %s where the call was recorded, is 404 elsewhere, 400 for no id", async (path, key) => {
    const { api, company } = await start();
    const recorded = company.calls.find(({ recording }) => recording !== null)!;
    const silent = company.calls.find(({ recording, voicemail }) => recording === null && voicemail === null)!;
    const ask = (id: number | string) => api.get(`/v1/calls/${id}/${path}`);

    const { body } = await ask(recorded.id);

    expect((key === null ? body : body[key]).call_id).toBe(recorded.id);
    expect([(await ask(silent.id)).status, (await ask(1)).status, (await ask("first")).status]).toEqual([
      404, 404, 400,
    ]);
  });

  it("is the same whenever it is read, and tells who spoke", async () => {
    const { api, company } = await start();
    const call = company.calls.find(({ recording }) => recording !== null)!;
    const read = () => api.get(`/v1/calls/${call.id}/transcription?mode=realtime`);

    const { body } = await read();
    const { transcription } = body;

    expect((await read()).body).toEqual(body);
    expect(transcription.content.utterances.length).toBeGreaterThan(1);
    expect(transcription.content.utterances[0]).toMatchObject({ participant_type: "internal", user_id: call.user!.id });
    expect(transcription.content.utterances[1]).toMatchObject({ participant_type: "external" });
  });

  it("is only what was said for a voicemail", async () => {
    const { api, company } = await start();
    const call = company.calls.find(({ voicemail }) => voicemail !== null)!;

    const { body } = await api.get(`/v1/calls/${call.id}/transcription`);

    expect(body.transcription.type).toBe("voicemail");
    expect((await api.get(`/v1/calls/${call.id}/summary`)).status).toBe(404);
  });

  it("comes with the playbook on request", async () => {
    const { api, company } = await start();
    const call = company.calls.find(({ recording }) => recording !== null)!;
    const read = (query: string) => api.get(`/v1/calls/${call.id}/playbook_result${query}`);

    expect((await read("")).body).not.toHaveProperty("playbook");
    expect((await read("?fetch_playbook=true")).body.playbook).toHaveProperty("name");
  });
});

describe("a tracker at the simulator", () => {
  it("leads from page to page by token, each call once", async () => {
    const { api, company } = await start();
    const url = `/v1/trackers/${company.trackers[0]!.id}`;
    const ids = (body: unknown) => (body as { calls: Call[] }).calls.map(({ id }) => id);
    const all = (await api.get(`${url}?limit=50`)).body;

    const seen: number[] = [];
    let token: string | null = "";
    while (token !== null) {
      const { body } = await api.get(url).query({ limit: 7, ...(token && { next_token: token }) });
      seen.push(...ids(body));
      token = body.meta.next_token as string | null;
    }

    expect(seen.length).toBeGreaterThan(7);
    expect(seen.slice(0, 50)).toEqual(ids(all));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("narrows by time in milliseconds, direction, agents and lines", async () => {
    const { api, company } = await start();
    const url = `/v1/trackers/${company.trackers[0]!.id}`;
    const [call] = (await api.get(`${url}?limit=50`)).body.calls as Call[];
    const { user, number, started_at, direction } = company.calls.find(({ id }) => id === call!.id)!;
    const at = started_at * 1000;
    const query = { start_time: at, end_time: at, direction, agent_ids: `${user!.id},1`, line_ids: String(number.id) };

    const { body } = await api.get(url).query(query);
    const none = await api.get(url).query({ ...query, agent_ids: "1" });

    expect((body.calls as Call[]).map(({ id }) => id)).toEqual([call!.id]);
    expect(none.body.calls).toEqual([]);
  });

  it("refuses a token it never gave, and an id it does not know", async () => {
    const { api, company } = await start();
    expect((await api.get(`/v1/trackers/${company.trackers[0]!.id}?next_token=x`)).status).toBe(400);
    expect((await api.get("/v1/trackers/none")).status).toBe(404);
  });
});
