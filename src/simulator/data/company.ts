import type { A2pCampaignAssociation } from "./a2p-campaign-association";
import { seedAiVoiceAgents, type AiVoiceAgent } from "./ai-voice-agents";
import type { AnalyticsExport } from "./analytics-export";
import { seedCalls } from "./calls/calls";
import { seedContacts } from "./contacts";
import type { DialerCampaign } from "./dialer";
import type { Entitlements } from "./entitlements";
import type { Call, Contact, Integration, NestedUser, PhoneNumber, Tag, Team, User } from "./entities";
import type { Ids } from "./ids";
import type { Later } from "./later";
import { seedMessaging, type Messaging } from "./messaging";
import { seedOutboundCampaigns, type OutboundCampaign } from "./outbound-campaigns";
import { nestedUser } from "./people";
import { profiles, type Profile } from "./profiles";
import { createRandom } from "./random";
import { seedIntegration, seedNumbers, seedStrangers, seedTags, seedTeams, seedUsers, seedWellKnown } from "./seeds";
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
  /** Those of `calls` that were started over HTTP and have not ended yet; the clock moves them on. */
  readonly ongoing: Call[];
  /** @internal What happens by itself, as time passes. */
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
  /** @internal */
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
  const founding = { profile, companyId: id, firstId, foundedAt, random };

  const users = seedUsers(founding);
  const nested = users.map(nestedUser);
  const numbers = seedNumbers(founding, nested);
  const teams = seedTeams(founding, nested);
  const wellKnown = seedWellKnown(founding);
  const contacts = seedContacts(wellKnown, { seed, index, profile, companyId: id, now, contacts: settings.contacts });
  const tags = seedTags(founding);
  const cast = { teams, numbers, contacts, tags, strangers: seedStrangers(founding) };
  let calls: Call[] | undefined; // drawn when first read, for there may be very many

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
    integration: seedIntegration(founding, numbers, nested[0] as NestedUser),
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
