import type {
  AircallClient,
  AnalyticsDateFilter,
  Call,
  CallTag,
  Contact,
  DialerCampaign,
  IvrOption,
  Iteration,
  NewMessage,
  Page,
  SentMessage,
  TeamUser,
  Transcription,
  TransferTarget,
  Webhook,
  WhatsAppTemplate,
} from "express-aircall";

declare const client: AircallClient;
declare const call: Call;

declare const webhook: Webhook;
declare const tag: CallTag;

/** Only has to compile: what Aircall was seen to answer. */
export const recorded = {
  member: {
    id: 7,
    time_zone: "Europe/Paris",
    language: "en-US",
    wrap_up_time: 30,
    available: false,
  } satisfies TeamUser,
  olderId: webhook.id satisfies number | undefined,
  menuChoice: (title: string): Pick<IvrOption, "id" | "title">[] => [
    { id: 7, title },
    { id: "7", title },
  ],
  templateIds: [7, "7"] satisfies WhatsAppTemplate["id"][],
  dialled: { id: 7, number_id: 5, created_at: "", phone_numbers: [] } satisfies DialerCampaign,
  sent: { id: "m1", status: "pending", direction: "outbound", body: null } satisfies SentMessage,
  taggedByNobody: { id: 1, name: "Callback", tagged_by: {} } satisfies CallTag,
  withheld: { raw_digits: null } satisfies Pick<Call, "raw_digits">,
  seenWhileItLasts: (content: Transcription["content"]): Transcription => ({ call_id: 7, content }),
  undated: (contact: Contact): Omit<Contact, "created_at" | "updated_at"> => contact,
};

/** Only has to compile: what a row takes and answers, and on each marked line a mistake that does not get past it. */
export const accepted = {
  passedOn: (res: import("express").Response) => client.calls.list().pipe(res),
  remaining: (): number | null => client.budget.remaining,
  derived: () => client.withOptions({ readOnly: true, lane: "bulk" }).calls.list({}, { cacheMs: 60_000 }),
  withResponse: async () => (await client.tags.list().withResponse()).response.rate.limit,
  page: (): Promise<Page<Call>> => client.calls.list({ from: new Date(), to: 1_795_428_000 }),
  iteration: (): Iteration<Call> => client.calls.iterate(),
  idAsText: () => client.contacts.get("3"),
  wordOfTomorrow: call.status === "on_hold_by_ai",
  reportOfTomorrow: () =>
    client.analytics.createExport({
      reportName: "TOMORROWS_REPORT",
      filter: { dateFilter: { relative: "TODAY" }, timezone: "Etc/UTC" },
    }),
  noCampaign: async () => (await client.dialerCampaigns.get(7))?.number_id,
  noCampaignToo: async () => (await client.dialerCampaigns.get(7).withResponse()).data?.number_id,
  trackersPassedOn: (res: import("express").Response) => client.conversationIntelligence.listTrackers().pipe(res),
  frozenIds: (tags: readonly number[]) => client.calls.tag(9, { tags }),
};

export const refused = [
  // @ts-expect-error -- what cannot be taken back wants its id twice
  () => client.contacts.remove(3),
  // @ts-expect-error -- a webhook takes its token along
  () => client.webhooks.remove("6f1c"),
  // @ts-expect-error -- a campaign its numbers
  () => client.dialerCampaigns.remove(7),
  // @ts-expect-error -- and no bare true
  () => client.calls.removeRecording(9, { confirm: true }),
  // @ts-expect-error -- there are two lanes
  () => client.calls.list({}, { lane: "fast" }),
  // @ts-expect-error -- how many to collect at most is to be said
  () => client.calls.iterate().collect(),
  // @ts-expect-error -- the budget is there to be looked at
  () => (client.budget.limit = 1_000),
  // @ts-expect-error -- an answer is piped into a response
  () => client.calls.list().pipe("a text"),
  // @ts-expect-error -- a moment is a Date or a number of seconds
  () => client.calls.list({ from: "2026-11-16" }),
  // @ts-expect-error -- the field is per_page
  () => client.calls.list({ perPage: 50 }),
  // @ts-expect-error -- teams cannot be listed by date
  () => client.teams.list({ from: new Date() }),
  // @ts-expect-error -- tags cannot be ordered
  () => client.tags.list({ order: "desc" }),
  // @ts-expect-error -- an order has two directions
  () => client.users.list({ order: "newest" }),
  // @ts-expect-error -- a comment needs its content
  () => client.calls.comment(9, {}),
  // @ts-expect-error -- tags are given by their ids
  () => client.calls.tag(9, { tags: ["VIP"] }),
  // @ts-expect-error -- a call needs the number it comes from
  () => client.users.startCall(7, { to: "+33199001234" }),
  // @ts-expect-error -- and that number is an id
  () => client.users.startCall(7, { number_id: "+33199001234", to: "+33199001234" }),
  // @ts-expect-error -- an e-mail address cannot be changed
  () => client.users.update(7, { email: "ana@example.com" }),
  // @ts-expect-error -- a contact needs a phone number
  () => client.contacts.create({ first_name: "Bo" }),
  // @ts-expect-error -- phone numbers have rows of their own
  () => client.contacts.update(3, { phone_numbers: [] }),
  // @ts-expect-error -- a tag keeps its colour only when it is sent again
  () => client.tags.update(1, { name: "VIP" }),
  // @ts-expect-error -- without events Aircall subscribes to everything
  () => client.webhooks.update("6f1c", { active: true }),
  // @ts-expect-error -- the id of an export is a text
  () => client.analytics.getExport(7),
  // @ts-expect-error -- so is the id of an agent
  () => client.aiVoiceAgents.startCall(7, { contact_phone: "+33199001234", idempotency_key: "k" }),
  // @ts-expect-error -- every such call has a key
  () => client.aiVoiceAgents.startCall("agent-1", { contact_phone: "+33199001234" }),
  // @ts-expect-error -- WhatsApp takes text or a template, not both
  () => client.messages.sendWhatsApp({ lineId: 5, to: "+331", text: "Hello", templateParams: { id: "t1" } }),
  // @ts-expect-error -- what a user may do is not a matter of one word
  () => client.users.update(7, { role_ids: "admin" }),
  // @ts-expect-error -- a campaign may be missing
  async () => (await client.dialerCampaigns.get(7)).id,
];

// @ts-expect-error -- a period is named or spelled out, not both
export const twoPeriods: AnalyticsDateFilter = { relative: "TODAY", absoluteRange: { fromDate: "", toDate: "" } };
// @ts-expect-error -- a message says or shows something
export const emptyMessage: NewMessage = { to: "+33199001234" };
// @ts-expect-error -- a call goes to one place
export const twoTargets: TransferTarget = { user_id: 7, team_id: 4 };
// @ts-expect-error -- and it goes somewhere
export const noTarget: TransferTarget = {};
// @ts-expect-error -- only a team has a strategy
export const strategyOfOne: TransferTarget = { user_id: 7, dispatching_strategy: "random" };
// @ts-expect-error -- a number may be withheld
export const digits: string = call.raw_digits;
// @ts-expect-error -- nobody may have set a tag
export const taggedBy: number | undefined = tag.tagged_by?.id satisfies number;
// @ts-expect-error -- somebody may not have answered
export const answeredAt: number = call.answered_at;
