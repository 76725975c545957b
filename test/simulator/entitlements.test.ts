import { createSimulator, type Entitlements } from "express-aircall/simulator";
import { startSimulator } from "../support/servers/simulated";
import { apiOf } from "../support/servers/simulated-api";

const addresses: Record<keyof Entitlements, string> = {
  messages: "GET /v1/sms/templates",
  whatsapp: "GET /v1/numbers/:number/whatsapp_status",
  dialer: "POST /v1/users/:user/dialer_campaign",
  outboundCampaigns: "GET /v1/campaign_outcomes",
  conversationIntelligence: "GET /v1/trackers",
  aiVoiceAgents: "POST /v1/outbound-calls/agents/agent-1",
  analytics: "GET /v1/analytics/report/export/export-1",
};
const each = Object.entries(addresses) as [keyof Entitlements, string][];

describe("what a company has not booked", () => {
  it.each(each)("is 403 without %s, from the tier that knows the account", async (entitlement, route) => {
    const simulator = await startSimulator({ entitlements: { [entitlement]: false } });
    const { numbers, users } = simulator.companies[0];
    const [method, path] = route.split(" ") as ["GET" | "POST", string];
    const url = path.replace(":number", String(numbers[0]!.id)).replace(":user", String(users[0]!.id));
    const api = apiOf(simulator);

    const refused = await (method === "GET" ? api.get(url) : api.post(url).send({}));
    const ping = await api.get("/v1/ping");

    const why = expect.stringContaining(entitlement) as string;
    const ofMessages = ["messages", "whatsapp"].includes(entitlement);
    const body = ofMessages
      ? { message: why, key: "Forbidden" }
      : { error: "Forbidden", troubleshoot: why, success: false };
    expect([refused.status, refused.body]).toEqual([403, body]);
    expect(ping.status).toBe(200);
  });

  it("changes at run time, for one company and one part of its plan", async () => {
    const simulator = await startSimulator({ entitlements: { dialer: false } });
    const [first, second] = simulator.companies;
    const read = async (company = first) => (await apiOf(simulator, company).get("/v1/sms/templates")).status;

    simulator.entitle(first.id, { messages: false });
    const without = [await read(first), await read(second)];
    simulator.entitle(first.id, { messages: true });

    expect(without).toEqual([403, 200]);
    expect(await read(first)).toBe(200);
    expect(first.entitlements.dialer).toBe(false);
  });

  it("is named, or refused", () => {
    const misspelt = { mesages: false } as Partial<Entitlements>;
    expect(() => createSimulator({ entitlements: misspelt })).toThrow(/no entitlement "mesages".*messages/);
    expect(() => createSimulator().entitle(1, { messages: false })).toThrow(RangeError);
  });
});
