import type { A2pCampaignAssociation } from "./a2p-campaign-association";
import { seedAiVoiceAgents, type AiVoiceAgent } from "./ai-voice-agents";
import type { AnalyticsExport } from "./analytics-export";
import { seedCalls } from "./calls/calls";
import { seedContacts } from "./contacts";
import type { DialerCampaign } from "./dialer";
import type { Entitlements } from "./entitlements";
import type { Call, Contact, Integration, NestedUser, PhoneNumber, Tag, Team, User } from "./entities";
import { fictionalDigits } from "./fictional-digits";
import type { Ids } from "./ids";
import type { Later } from "./later";
import { seedMessaging, type Messaging } from "./messaging";
import { seedOutboundCampaigns, type OutboundCampaign } from "./outbound-campaigns";
import { nestedUser, seedContact, seedUser } from "./people";
import { profiles, tagNames, type Profile } from "./profiles";
import { createRandom } from "./random";
import { seedTrackers, type Tracker } from "./trackers";
import type { OwnedWebhook } from "./webhooks";

/** One pretend company and everything Aircall knows of it. Live: a comment added over HTTP shows up here. */
export interface Company {
  readonly id: number;
  readonly name: string;
  /** Its API key, for Basic. */
  readonly apiId: string;
  readonly apiToken: string;
  readonly users: User[];
  /** Ids of the users who were invited over HTTP and have not signed in; take one off, and they have. */
  readonly invited: Set<number>;
  readonly teams: Team[];
  readonly numbers: readonly PhoneNumber[];
  readonly contacts: Contact[];
  readonly tags: Tag[];
  /** Oldest first. */
  readonly calls: Call[];
  /** Those of `calls` that were started over HTTP and have not ended yet; the clock takes them on. */
  readonly ongoing: Call[];
  /** What happens by itself, as time passes. */
  readonly later: Later[];
  readonly integration: Integration;
  /** What the company has booked. */
  entitlements: Entitlements;
  readonly webhooks: OwnedWebhook[];
  readonly messaging: Messaging;
  /** By user id. */
  readonly dialerCampaigns: Map<number, DialerCampaign>;
  readonly outboundCampaigns: OutboundCampaign[];
  readonly trackers: readonly Tracker[];
  readonly aiVoiceAgents: readonly AiVoiceAgent[];
  readonly usedIdempotencyKeys: Set<string>;
  readonly exports: AnalyticsExport[];
  readonly a2pCampaignAssociations: A2pCampaignAssociation[];
  readonly ids: Ids;
}

export interface Seed {
  readonly seed: number;
  /** The moment the last call may have ended; UNIX milliseconds. */
  readonly now: number;
  readonly callsPerDay: number;
  /** How many each company has; null leaves it to the rest. */
  readonly calls: number | null;
  readonly contacts: number | null;
  readonly entitlements: Entitlements;
}

const dayMs = 86_400_000;

/** The same seed and the same moment give the same companies. */
export function seedCompanies(seed: Seed): Company[] {
  return profiles.map((profile, index) => seedCompany(profile, index, seed));
}

function seedCompany(profile: Profile, index: number, settings: Seed): Company {
  const { seed, now, callsPerDay, entitlements } = settings;
  const random = createRandom(seed, index);
  const id = 41_200 + index * 37;
  const firstId = id * 100;
  const foundedAt = Date.UTC(new Date(now).getUTCFullYear() - 1, 2, 4, 9);
  const createdAt = (position: number) => new Date(foundedAt + position * 3 * dayMs).toISOString();

  const users = profile.users.map((name, position) => seedUser(profile, name, position, firstId, createdAt(position)));
  const nested = users.map(nestedUser);
  const numbers = profile.numbers.map(({ name, range, country }, position): PhoneNumber => ({
    id: firstId + position,
    direct_link: `/v1/numbers/${firstId + position}`,
    name,
    digits: fictionalDigits(range, random),
    created_at: createdAt(position),
    country,
    time_zone: profile.timeZone,
    availability_status: "custom",
    live_recording_activated: position !== 2,
    priority: position === 1 ? 1 : null,
    users: nested.filter((_, user) => user % profile.numbers.length !== position),
    messages: {},
  }));
  const teams = Object.entries(profile.teams).map(([name, members], position): Team => ({
    id: firstId + position,
    direct_link: `/v1/teams/${firstId + position}`,
    name,
    created_at: createdAt(position),
    users: nested.filter((_, user) => members.includes(user)),
  }));
  const wellKnown = profile.contacts.map((contact, position) =>
    seedContact(profile, contact, firstId + position, foundedAt + position * dayMs, random),
  );
  const contacts = seedContacts(wellKnown, { seed, index, profile, companyId: id, now, contacts: settings.contacts });
  const tags = tagNames.map(([name, color], position): Tag => ({
    id: firstId + position,
    name,
    color,
    description: null,
  }));
  const strangers = Array.from({ length: 24 }, () => fictionalDigits(random.pick(profile.callers), random));
  let calls: Call[] | undefined; // drawn when first read, for there may be very many
  const cast = { teams, numbers, contacts, tags, strangers };

  return {
    id,
    name: profile.name,
    apiId: `sim_id_${id}`,
    apiToken: `sim_token_${id}`,
    users,
    invited: new Set(),
    teams,
    numbers,
    contacts,
    tags,
    get calls() {
      calls ??= seedCalls({ seed, index, now, callsPerDay, calls: settings.calls, ...cast });
      return calls;
    },
    integration: {
      id: firstId,
      name: "Simulated app",
      custom_name: null,
      logo: null,
      company_id: id,
      status: "active",
      active: true,
      number_ids: numbers.map((number) => number.id),
      numbers_count: numbers.length,
      user: nested[0] as NestedUser,
    },
    ongoing: [],
    later: [],
    entitlements: { ...entitlements },
    webhooks: [],
    messaging: seedMessaging(profile, numbers, firstId),
    dialerCampaigns: new Map(),
    outboundCampaigns: seedOutboundCampaigns(wellKnown, firstId),
    trackers: seedTrackers(firstId),
    aiVoiceAgents: seedAiVoiceAgents(id),
    usedIdempotencyKeys: new Set(),
    exports: [],
    a2pCampaignAssociations: [],
    ids: { last: id * 10_000 },
  };
}
