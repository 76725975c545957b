import type { AircallClient } from "../../src/client/client";

type Noun = Exclude<keyof AircallClient, "ping" | "root" | "request" | "withOptions" | "budget">;
type Arguments<Row> = Row extends (...args: infer A) => unknown ? A : never;

/** A call of every row there is; a row without one does not compile. */
const plausible: { [N in Noun]: { [Verb in keyof AircallClient[N]]: Arguments<AircallClient[N][Verb]> } } = {
  calls: {
    list: [{ from: 1_795_000_000 }],
    iterate: [],
    search: [{ tags: [1, 2] }],
    iterateSearch: [],
    get: [2 ** 33],
    transfer: [9, { team_id: 4, dispatching_strategy: "random" }],
    comment: [9, { content: "Called back" }],
    tag: [9, { tags: [1] }],
    archive: [9],
    unarchive: [9],
    pauseRecording: [9],
    resumeRecording: [9],
    removeRecording: [9, { confirm: 9 }],
    removeVoicemail: [9, { confirm: 9 }],
    recording: [9],
    voicemail: [9, { range: "bytes=0-1" }],
    sendInsightCard: [9, { contents: [{ type: "title", text: "VIP" }] }],
  },
  users: {
    list: [],
    iterate: [],
    get: ["ana@example.com"],
    create: [{ email: "ana@example.com", first_name: "Ana", last_name: "Diaz" }],
    update: [7, { availability_status: "unavailable", substatus: "on_a_break" }],
    remove: [7, { confirm: 7 }],
    listNumbers: [7],
    iterateNumbers: [7],
    listAvailabilities: [],
    iterateAvailabilities: [],
    getAvailability: [7],
    dial: [7, { to: "+33199001234" }],
    startCall: [7, { number_id: 5, to: "+33199001234" }],
  },
  teams: {
    list: [],
    iterate: [],
    get: [4],
    create: [{ name: "Support" }],
    remove: [4, { confirm: 4 }],
    addUser: [4, 7],
    removeUser: [4, 7],
  },
  numbers: { list: [], iterate: [], get: [5], update: [5, { priority: 1 }], getRegistrationStatus: [5] },
  contacts: {
    list: [],
    iterate: [],
    search: [{ email: "bo@example.com" }],
    iterateSearch: [],
    get: [3],
    create: [{ first_name: "Bo", phone_numbers: [{ label: "work", value: "+33199001234" }] }],
    update: [3, { last_name: "Berg" }],
    remove: [3, { confirm: 3 }],
    upsertByPhone: ["+33199001234", { last_name: "Berg" }],
    addPhone: [3, { value: "+33199001234" }],
    updatePhone: [3, 31, { value: "+33199001234" }],
    removePhone: [3, 31],
    addEmail: [3, { value: "bo@example.com" }],
    updateEmail: [3, 32, { value: "bo@example.com" }],
    removeEmail: [3, 32],
  },
  tags: {
    list: [],
    iterate: [],
    get: [1],
    create: [{ name: "VIP", color: "#00b388" }],
    update: [1, { name: "VIP", color: "#00b388" }],
    remove: [1, { confirm: "1" }],
  },
  messages: {
    send: [5, { to: "+33199001234", body: "Hello" }],
    sendGroup: [5, { participants: ["+33199001234"], mediaUrl: ["https://example.com/a.png"] }],
    sendWhatsApp: [{ lineId: 5, to: "+33199001234", text: "Hello" }],
    sendInConversation: [5, { to: "+33199001234", body: "Hello" }],
    sendGroupInConversation: [5, { participants: ["+33199001234"], body: "Hello" }],
    sendWhatsAppInConversation: [{ lineId: 5, externalNumber: "+33199001234", templateParams: { id: "t1" } }],
    getConfiguration: [5],
    createConfiguration: [5, { callbackUrl: "https://example.com/messages" }],
    removeConfiguration: [5],
    listSmsTemplates: [],
    iterateSmsTemplates: [],
    listWhatsAppTemplates: [5, { token: 2 }],
    iterateWhatsAppTemplates: [5],
    getWhatsAppLineStatus: [5],
  },
  dialerCampaigns: {
    get: [7],
    create: [7, { phone_numbers: ["+33199001234"] }],
    remove: [7, { confirm: 7 }],
    listNumbers: [7],
    iterateNumbers: [7],
    addNumbers: [7, { phone_numbers: ["+33199001234"] }],
    removeNumber: [7, 71],
  },
  outboundCampaigns: {
    create: [{ name: "Autumn", call_attempts: 3 }],
    listContacts: ["oc-1", { phone_number: "+33199001234" }],
    getCallOutcomes: ["oc-1"],
    getOutcomes: [],
  },
  conversationIntelligence: {
    getTranscription: [9, { mode: "realtime" }],
    getSentiments: [9],
    getPredictedCsat: [9],
    getTopics: [9],
    getSummary: [9],
    getCustomSummaryResult: [9],
    getActionItems: [9],
    getPlaybookResult: [9, { fetch_playbook: true }],
    getEvaluations: [9],
    whenReady: [9, { insight: "summary" }],
    listTrackers: [],
    getTracker: ["tr-1"],
    iterateTrackerCalls: ["tr-1"],
  },
  aiVoiceAgents: { startCall: ["agent-1", { contact_phone: "+33199001234", idempotency_key: "k-1" }] },
  analytics: {
    createExport: [
      { reportName: "CALLS_HISTORY", filter: { dateFilter: { relative: "TODAY" }, timezone: "Europe/Paris" } },
    ],
    getExport: ["export-1"],
  },
  webhooks: {
    list: [],
    iterate: [],
    get: ["6f1c"],
    create: [{ url: "https://example.com/hooks" }],
    update: ["6f1c", { events: ["call.ended"], events_action: "add" }],
    remove: ["6f1c", { confirm: "6f1c" }],
  },
  company: { get: [] },
  integrations: { me: [], enable: [{ install: true }], disable: [] },
  a2pCampaignAssociations: {
    list: [],
    iterate: [],
    create: [{ external_campaign_id: "C1" }],
    update: [2, { external_campaign_id: "C1", numbers: [5] }],
    remove: [2],
  },
};

interface Row {
  readonly name: string;
  /** What it is begun with. */
  readonly args: readonly unknown[];
  /** Begins it with other arguments. */
  readonly call: (...args: unknown[]) => unknown;
  /** What the row gives, as it gives it. */
  readonly begin: () => unknown;
  /** The same, awaited; an iteration is walked to its end. */
  readonly ask: () => Promise<unknown>;
}

/** Every row of a client, ready to be asked; with `confirming` false nothing is confirmed, as JavaScript may do it. */
export function rowsOf(client: AircallClient, { confirming = true } = {}): Row[] {
  const nouns = Object.entries(plausible) as [Noun, Record<string, unknown[]>][];
  const rows = nouns.flatMap(([noun, verbs]) => {
    const row = client[noun] as unknown as Record<string, (...args: unknown[]) => unknown>;
    return Object.keys(row).map((verb) => {
      const args = verbs[verb]!.filter((arg) => confirming || !isConfirmation(arg));
      return { name: `${noun}.${verb}`, args, call: (...given: unknown[]) => row[verb]!(...given) };
    });
  });
  const ping = { name: "ping", args: [], call: (...given: unknown[]) => client.ping(...(given as [])) };
  const root = { name: "root", args: [], call: (...given: unknown[]) => client.root(...(given as [])) };
  return [ping, root, ...rows].map((row) => {
    const begin = () => row.call(...row.args);
    return { ...row, begin, ask: async () => settle(begin()) };
  });
}

/** Every row of a client by name, ready to be asked. An iteration is walked to its end. */
export function everyRow(client: AircallClient): [row: string, ask: () => Promise<unknown>][] {
  return rowsOf(client).map(({ name, ask }) => [name, ask]);
}

/** Rows that bring a file: each looks up where it is, at the route of a row that brings the entity. */
export const bringFiles: readonly string[] = ["calls.recording", "calls.voicemail"];

/** Rows that ask at the routes of other rows, as often as it takes, and give a plain promise. */
export const composed: readonly string[] = ["contacts.upsertByPhone", "conversationIntelligence.whenReady"];

/** The nouns named here, to be compared with those of the client. */
export const nouns = Object.keys(plausible);

function isConfirmation(arg: unknown): boolean {
  return typeof arg === "object" && arg !== null && "confirm" in arg;
}

/** The answer, awaited; an iteration is walked to its end. */
export async function settle(answer: unknown): Promise<unknown> {
  if (typeof answer !== "object" || answer === null || answer instanceof Promise || !(Symbol.asyncIterator in answer))
    return answer;
  for await (const _item of answer as AsyncIterable<unknown>);
}
