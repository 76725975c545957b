import { seedCalls } from "./calls";
import type { Call, Contact, Integration, NestedUser, PhoneNumber, Tag, Team, User } from "./entities";
import { fictionalDigits } from "./fictional-digits";
import { nestedUser, seedContact, seedUser } from "./people";
import { profiles, tagNames, type Profile } from "./profiles";
import { createRandom } from "./random";

/** One pretend company and everything Aircall knows of it. Live: a comment added over HTTP shows up here. */
export interface Company {
  readonly id: number;
  readonly name: string;
  /** Its API key, for Basic. */
  readonly apiId: string;
  readonly apiToken: string;
  readonly users: readonly User[];
  readonly teams: readonly Team[];
  readonly numbers: readonly PhoneNumber[];
  readonly contacts: readonly Contact[];
  readonly tags: readonly Tag[];
  /** Oldest first. */
  readonly calls: readonly Call[];
  readonly integration: Integration;
}

export interface Seed {
  readonly seed: number;
  /** The moment the last call may have ended; UNIX milliseconds. */
  readonly now: number;
  readonly callsPerDay: number;
}

const dayMs = 86_400_000;

/** The same seed and the same moment give the same companies. */
export function seedCompanies(seed: Seed): Company[] {
  return profiles.map((profile, index) => seedCompany(profile, index, seed));
}

function seedCompany(profile: Profile, index: number, { seed, now, callsPerDay }: Seed): Company {
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
  }));
  const teams = Object.entries(profile.teams).map(([name, members], position): Team => ({
    id: firstId + position,
    direct_link: `/v1/teams/${firstId + position}`,
    name,
    created_at: createdAt(position),
    users: nested.filter((_, user) => members.includes(user)),
  }));
  const contacts = profile.contacts.map((contact, position) =>
    seedContact(profile, contact, firstId + position, foundedAt + position * dayMs, random),
  );
  const tags = tagNames.map(([name, color], position): Tag => ({
    id: firstId + position,
    direct_link: `/v1/tags/${firstId + position}`,
    name,
    color,
    description: null,
  }));
  const strangers = Array.from({ length: 24 }, () => fictionalDigits(random.pick(profile.callers), random));

  return {
    id,
    name: profile.name,
    apiId: `sim_id_${id}`,
    apiToken: `sim_token_${id}`,
    users,
    teams,
    numbers,
    contacts,
    tags,
    calls: seedCalls({ seed, index, now, callsPerDay, users: nested, teams, numbers, contacts, strangers, tags }),
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
  };
}
