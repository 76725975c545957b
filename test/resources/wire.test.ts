import { AircallClient } from "../../src/client/client";
import { useApi } from "../support/servers/api";

const { serve, connect } = useApi();

type Ask = (client: AircallClient) => Promise<unknown>;

async function send(ask: Ask) {
  const api = await serve({ body: { calls: [], contacts: [], templates: [] } });
  await ask(new AircallClient(connect(api)));
  const [{ method, url, body }, ...rest] = api.arrived as [(typeof api.arrived)[0]];
  expect(rest).toEqual([]);
  return [`${method} ${decodeURIComponent(url)}`, body === "" ? "" : (JSON.parse(body) as unknown)];
}

async function receive(ask: Ask, status: number, body: unknown) {
  const api = await serve({ status, body });
  return ask(new AircallClient(connect(api)));
}

describe("what is sent", () => {
  it.each<[string, Ask, string, unknown]>([
    [
      "a filter in the query, its ids one by one",
      (c) => c.calls.search({ tags: [1, 2], phone_number: "+33199001234", direction: "inbound" }),
      "GET /v1/calls/search?tags[]=1&tags[]=2&phone_number=+33199001234&direction=inbound",
      "",
    ],
    [
      "an entity in the body",
      (c) => c.contacts.create({ first_name: "Bo", phone_numbers: [{ label: "work", value: "+33199001234" }] }),
      "POST /v1/contacts",
      { first_name: "Bo", phone_numbers: [{ label: "work", value: "+33199001234" }] },
    ],
    ["nulls in a body", (c) => c.numbers.update(5, { priority: null }), "PUT /v1/numbers/5", { priority: null }],
    [
      "a message in camelCase, as Aircall reads it",
      (c) => c.messages.sendWhatsApp({ lineId: 5, to: "+331", mediaUrl: ["https://example.com/a.png"] }),
      "POST /v1/messages/whatsapp/send",
      { lineId: 5, to: "+331", mediaUrl: ["https://example.com/a.png"] },
    ],
    [
      "a report inside its input",
      (c) =>
        c.analytics.createExport({
          reportName: "CALLS_HISTORY",
          filter: {
            dateFilter: { absoluteRange: { fromDate: "2026-11-01", toDate: "2026-11-16" } },
            timezone: "Etc/UTC",
          },
        }),
      "POST /v1/analytics/report/export",
      {
        input: {
          reportName: "CALLS_HISTORY",
          filter: {
            dateFilter: { absoluteRange: { fromDate: "2026-11-01", toDate: "2026-11-16" } },
            timezone: "Etc/UTC",
          },
        },
      },
    ],
    [
      "a query beside a body",
      (c) => c.webhooks.update("6f1c", { events: ["call.ended"], events_action: "add", active: true }),
      "PUT /v1/webhooks/6f1c?events_action=add",
      { events: ["call.ended"], active: true },
    ],
    [
      "no query where none is wanted",
      (c) => c.webhooks.update("6f1c", { events: ["call.ended"] }),
      "PUT /v1/webhooks/6f1c",
      { events: ["call.ended"] },
    ],
    [
      "a query without a body",
      (c) => c.integrations.enable({ install: true }),
      "POST /v1/integrations/enable?install=true",
      "",
    ],
    [
      "a tracker's moments in milliseconds and its ids in one text",
      (c) =>
        c.conversationIntelligence.getTracker("tr-1", {
          start_time: new Date("2026-11-16T00:00:00Z"),
          end_time: new Date("2026-11-17T00:00:00Z"),
          agent_ids: [7, "8"],
          limit: 5,
        }),
      "GET /v1/trackers/tr-1?limit=5&start_time=1794787200000&end_time=1794873600000&agent_ids=7,8",
      "",
    ],
    [
      "a tracker's moments as they are when they are numbers",
      (c) => c.conversationIntelligence.getTracker("tr-1", { start_time: 1_794_787_200_000, line_ids: [5] }),
      "GET /v1/trackers/tr-1?start_time=1794787200000&line_ids=5",
      "",
    ],
    ["a tracker without a query", (c) => c.conversationIntelligence.getTracker("tr-1"), "GET /v1/trackers/tr-1", ""],
    [
      "as many SMS templates as their list gives at a time",
      (c) => c.messages.listSmsTemplates({ per_page: 500 }),
      "GET /v1/sms/templates?per_page=100",
      "",
    ],
    [
      "a number within a campaign, its plus sign encoded",
      (c) => c.outboundCampaigns.listContacts("oc-1", { phone_number: "+33199001234" }).withResponse(),
      "GET /v1/campaigns/oc-1/contacts?phone_number=+33199001234",
      "",
    ],
    ["two ids, each in its place", (c) => c.contacts.removeEmail(3, 32), "DELETE /v1/contacts/3/email_details/32", ""],
  ])("is %s", async (_what, ask, line, body) => {
    await expect(send(ask)).resolves.toEqual([line, body]);
  });
});

describe("what is answered", () => {
  const team = { id: 4, name: "Support", users: [] };
  const detail = { id: 31, label: "work", value: "+33199001234" };
  const campaign = { id: 6, number_id: "5", created_at: "2026-11-16T09:00:00Z" };
  const tracker = { id: "tr-1", name: "Refund" };
  const templates = { templates: [], pageInfo: { currentToken: null, nextToken: 2, totalCount: 30 } };
  const readCampaign: Ask = (c) => c.dialerCampaigns.get(7);
  const draft = { id: "oc-1", status: "draft", name: "Autumn" };
  const createOutbound: Ask = (c) => c.outboundCampaigns.create({ name: "Autumn" });
  const readTrackers: Ask = (c) => c.conversationIntelligence.listTrackers();

  it.each<[string, Ask, number, unknown, unknown]>([
    ["the team that a member left", (c) => c.teams.removeUser(4, 7), 200, { team }, team],
    [
      "what was accepted, to be done later",
      (c) => c.contacts.updatePhone(3, 31, detail),
      202,
      { phone_detail: detail },
      detail,
    ],
    ["nothing after a removal", (c) => c.tags.remove(1, { confirm: 1 }), 204, "", undefined],
    [
      "a singular from a plural address",
      (c) => c.conversationIntelligence.getTopics(9),
      200,
      { topic: { id: 9 } },
      { id: 9 },
    ],
    ["a page with a token of its own", (c) => c.messages.listWhatsAppTemplates(5), 200, templates, templates],
    ["a wrapped campaign", readCampaign, 200, { dialer_campaign: campaign }, campaign],
    ["a bare campaign", readCampaign, 200, campaign, campaign],
    ["null for an empty campaign", readCampaign, 200, "", null],
    ["null for a missing campaign", readCampaign, 404, { error: "Not Found" }, null],
    ["a wrapped outbound campaign", createOutbound, 201, { campaign: draft }, draft],
    ["a bare outbound campaign", createOutbound, 200, draft, draft],
    ["whatever an outbound campaign's outcomes are", (c) => c.outboundCampaigns.getOutcomes(), 200, [draft], [draft]],
    ["wrapped trackers", readTrackers, 200, { trackers: [tracker] }, [tracker]],
    ["bare trackers", readTrackers, 200, [tracker], [tracker]],
    ["no trackers", readTrackers, 200, { trackers: [] }, []],
  ])("is %s", async (_what, ask, status, body, expected) => {
    await expect(receive(ask, status, body)).resolves.toEqual(expected);
  });

  it.each<[string, Ask, number, string]>([
    ["a campaign that may not be read", readCampaign, 403, "not_entitled"],
    ["a call nothing is known about", (c) => c.conversationIntelligence.getSummary(9), 404, "not_found"],
    [
      "a key that was used before",
      (c) => c.aiVoiceAgents.startCall("a", { contact_phone: "+331", idempotency_key: "k" }),
      409,
      "conflict",
    ],
    ["a team's name that is taken", (c) => c.teams.create({ name: "Support" }), 422, "unprocessable"],
    ["a number that does not record", (c) => c.calls.pauseRecording(9), 405, "not_allowed"],
  ])("refuses %s by name", async (_what, ask, status, code) => {
    await expect(receive(ask, status, { error: "No" })).rejects.toMatchObject({ status, code });
  });
});
