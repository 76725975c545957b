import type { Simulator } from "express-aircall/simulator";

type Company = Simulator["companies"][0];

/** Rows that need a number in API mode; the others need it in native mode, or do not care. */
const inApiMode = ["messages.send", "messages.sendGroup", "messages.getConfiguration", "messages.removeConfiguration"];

/**
 * Makes a company hold whatever `everyRow` asks about: user 7, team 4, number 5, contact 3, tag 1, call 9 and so on. The
 * call goes on and has been recorded, so that everything can be asked about it.
 */
export function fitData(company: Company, row: string): void {
  const { users, teams, numbers, contacts, tags, calls, messaging } = company;
  const user = {
    ...users[0]!,
    id: 7,
    available: true,
    email: row === "users.create" ? "bo@example.com" : "ana@example.com",
  };
  const number = { ...numbers[0]!, id: 5, users: [user] };
  const call = { ...calls[0]!, status: "answered", recording: "/assets/recording/9", number, comments: [] } as const;
  const contact = { ...contacts[0]!, id: 3 };
  const detail = (id: number) => ({ id, label: null, value: "bo@example.com" });

  fill(users, [user]);
  fill(teams, [{ ...teams[0]!, id: 4, name: "Sales", users: [user] }]);
  fill(numbers as (typeof number)[], [number]);
  fill(contacts, [{ ...contact, phone_numbers: [detail(31)], emails: [detail(32)] }]);
  fill(
    tags,
    [1, 2].map((id) => ({ ...tags[0]!, id, name: `Tag ${id}` })),
  );
  fill(
    calls,
    [9, 2 ** 33].map((id) => ({ ...call, id, comments: [], tags: [] })),
  );

  messaging.configurations.clear();
  if (inApiMode.includes(row)) messaging.configurations.set(5, { token: "t", callbackUrl: null, type: "sms" });
  Object.assign(messaging.whatsApp, { lineId: 5 });
  fitTheRest(company);
}

function fitTheRest(company: Company): void {
  const created_at = new Date(0).toISOString();
  const waiting = { id: 71, number: "33199001235", called: false, created_at };
  company.dialerCampaigns.set(7, { id: 6, number_id: null, created_at, numbers: [waiting] });

  const hook = { id: 1, direct_link: "/v1/webhooks/6f1c", url: "https://example.com/hooks", token: "t" };
  const webhook = { ...hook, webhook_id: "6f1c", created_at, active: true, events: ["call.ended"] as const };
  fill(company.webhooks, [{ webhook, madeByApp: true, failures: 0, switchedOff: false, deleted: false }]);
  fill(company.exports, [{ exportID: "export-1", reportName: "CALLS_HISTORY", exportName: "Calls", createdAt: 0 }]);
  fill(company.outboundCampaigns, [{ ...company.outboundCampaigns[0]!, id: "oc-1" }]);
  Object.assign(company.trackers[0]!, { id: "tr-1" });
  Object.assign(company.aiVoiceAgents[0]!, { id: "agent-1" });

  const update = { update_status: null, update_message: null };
  const association = {
    id: 2,
    company_id: company.id,
    external_id: "C1",
    ...update,
    created_at,
    updated_at: created_at,
  };
  fill(company.a2pCampaignAssociations, [{ ...association, numbers: [] }]);
}

function fill<T>(list: T[], items: readonly T[]): void {
  list.splice(0, Infinity, ...items);
}
