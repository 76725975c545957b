import { AircallClient, createAircallClient } from "../../src/client/client";
import type { IterateOptions, Progress } from "../../src/pagination/options";
import { type Api, type Reply, useApi } from "../support/servers/api";
import { ids } from "../support/call-history";
import { startSimulator } from "../support/servers/simulated";

const { serve, connect } = useApi();

/** Five templates on each of three pages, one of them replied by hand where one is given. */
async function serveTemplates(replies: Record<number, Reply> = {}): Promise<Api> {
  const api: Api = await serve((req, res) => {
    const token = Number(new URL(req.url!, api.url).searchParams.get("token") ?? 0);
    const reply = replies[token];
    if (typeof reply === "function") return reply(req, res);
    const templates = ids(token + 1, token + 5).map((id) => ({ id: `t${id}` }));
    const pageInfo = { currentToken: token, nextToken: token < 10 ? token + 5 : null, totalCount: 15 };
    res.end(JSON.stringify({ templates, pageInfo }));
  });
  return api;
}

const walkOver = (api: Api, options?: IterateOptions) =>
  new AircallClient(connect(api)).messages.iterateWhatsAppTemplates(5, { status: "APPROVED", limit: 5 }, options);
const all = ids(1, 15).map((id) => `t${id}`);
const idsOf = (templates: { id: string | number }[]) => templates.map(({ id }) => id);

describe("a walk over pages that lead on by a token", () => {
  it("brings each item, and asks for each page with the same query", async () => {
    const api = await serveTemplates();
    const told: Progress[] = [];
    const walked = walkOver(api, { onProgress: (progress) => void told.push(progress) });
    expect(idsOf(await walked.collect({ max: Infinity }))).toEqual(all);
    expect(walked.done).toBe(true);
    expect(told.map(({ fetched, total }) => [fetched, total])).toEqual([5, 10, 15].map((fetched) => [fetched, 15]));
    const url = "/v1/numbers/5/templates?status=APPROVED&limit=5";
    expect(api.arrived.map((request) => request.url)).toEqual([url, `${url}&token=5`, `${url}&token=10`]);
  });

  it("hands out whole pages, and ends its requests when it is left", async () => {
    const api = await serveTemplates();
    for await (const page of walkOver(api, { ahead: 0 }).pages()) {
      expect([page.items.length, page.hasNext]).toEqual([5, true]);
      expect(idsOf((await page.next())!.items)).toEqual(all.slice(5, 10));
      break;
    }
    expect(api.arrived).toHaveLength(2);
  });

  it("goes on at its cursor, with pages of any size", async () => {
    const api = await serveTemplates();
    const walked = walkOver(api);
    await walked.collect({ max: 7 });
    const { cursor } = walked;
    const later = new AircallClient(connect(api)).messages.iterateWhatsAppTemplates(
      5,
      { status: "APPROVED" },
      { cursor },
    );
    expect(idsOf(await later.collect({ max: Infinity }))).toEqual(all.slice(7));
  });

  it("ends at a page that leads back", async () => {
    const answer = { templates: [{ id: "t6" }], pageInfo: { nextToken: 5, totalCount: 15 } };
    const api = await serveTemplates({ 5: (_req, res) => res.end(JSON.stringify(answer)) });
    await expect(walkOver(api).collect({ max: Infinity })).rejects.toThrow("one that was read before");
    expect(api.arrived.length).toBeLessThan(5);
  });

  it("takes no page for the last whose total has as many again", async () => {
    const answer = { templates: ids(1, 5).map((id) => ({ id: `t${id}` })), pageInfo: { totalCount: 15 } };
    const walked = walkOver(await serveTemplates({ 0: (_req, res) => res.end(JSON.stringify(answer)) }));
    await expect(walked.collect({ max: 9 })).rejects.toThrow("before all of its results");
    expect(walked.done).toBe(false);
  });

  it("says so when Aircall refuses one", async () => {
    const api = await serveTemplates({ 10: (_req, res) => res.writeHead(403).end() });
    const walked = walkOver(api);
    const seen: unknown[] = [];
    const loop = async () => {
      for await (const { id } of walked) seen.push(id);
    };
    await expect(loop()).rejects.toMatchObject({ code: "not_entitled" });
    expect([seen, walked.done]).toEqual([all.slice(0, 10), false]);
  });

  it.each(["", "{}", "[]", '{"templates":null,"pageInfo":null}'])("takes %p for no page", async (body) => {
    const api = await serveTemplates({ 5: (_req, res) => res.end(body) });
    const walked = walkOver(api);
    await expect(walked.collect({ max: 9 })).rejects.toThrow("came without its list");
    expect([walked.done, api.arrived.length]).toEqual([false, 4]);
  });

  it("is told of the total by the name that most lists have for it", async () => {
    const api = await serve((req, res) => {
      const last = req.url!.includes("next_token=on");
      const meta = { total: 3, next_token: last ? null : "on" };
      res.end(JSON.stringify({ calls: last ? [{ id: 3 }] : [{ id: 1 }, { id: 2 }], meta }));
    });
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => void told.push(progress);
    const tracking = new AircallClient(connect(api)).conversationIntelligence;
    const walked = tracking.iterateTrackerCalls("t1", { start_time: 0 }, { onProgress });
    expect(await walked.collect({ max: 9 })).toHaveLength(3);
    expect(told.map(({ total }) => total)).toEqual([3, 3]);
  });

  it("takes a token without a letter for none", async () => {
    const answer = { templates: [{ id: "t1" }], pageInfo: { nextToken: "", totalCount: 1 } };
    const api = await serveTemplates({ 0: (_req, res) => res.end(JSON.stringify(answer)) });
    const walked = walkOver(api);
    expect(idsOf(await walked.collect({ max: 9 }))).toEqual(["t1"]);
    expect([walked.done, api.arrived.length]).toEqual([true, 1]);
  });

  it("takes a page that says it holds nothing for an empty one", async () => {
    const api = await serveTemplates({ 0: (_req, res) => res.end('{"pageInfo":{"totalCount":0}}') });
    expect(await walkOver(api).collect({ max: 9 })).toEqual([]);
  });
});

describe("what the simulator pages by token", () => {
  async function open() {
    const simulator = await startSimulator();
    const oauthAccessToken = simulator.issueToken().access_token;
    const client = createAircallClient({ apiUrl: simulator.url, oauthAccessToken });
    return { simulator, client, company: simulator.companies[0] };
  }

  it("is every WhatsApp template of a number", async () => {
    const { client, company } = await open();
    const { lineId, templates } = company.messaging.whatsApp;
    const walked = client.messages.iterateWhatsAppTemplates(lineId, { limit: 2 });
    expect(await walked.collect({ max: Infinity })).toEqual(templates);
    await client.close();
  });

  it("is every call a tracker was heard in, of a time that stands still", async () => {
    const { simulator, client, company } = await open();
    const { id } = company.trackers[0]!;
    const whole = await client.conversationIntelligence.getTracker(id, { limit: 50, start_time: 0 });
    const walked = client.conversationIntelligence.iterateTrackerCalls(id, { limit: 7, start_time: 0 });
    const calls = await walked.collect({ max: 50 });
    expect(calls).toEqual(whole.calls);
    expect(calls.length).toBeGreaterThan(7);
    const ends = simulator.requests.map(({ query }) => new URLSearchParams(query).get("end_time"));
    expect(new Set(ends.slice(1)).size).toBe(1);
    await client.close();
  });
});
