import type { Contact, Integration, NestedUser, PhoneNumber, Tag, Team, User } from "./entities";
import { fictionalDigits } from "./fictional-digits";
import { seedContact, seedUser } from "./people";
import { tagNames, type Profile } from "./profiles";
import type { Random } from "./random";

/** What the records of a new company are made of. */
export interface Founding {
  readonly profile: Profile;
  readonly companyId: number;
  /** Ids of each kind count from here. */
  readonly firstId: number;
  /** UNIX milliseconds. */
  readonly foundedAt: number;
  readonly random: Random;
}

const dayMs = 86_400_000;

export function seedUsers({ profile, firstId, foundedAt }: Founding): User[] {
  return profile.users.map((name, position) =>
    seedUser(profile, firstId, { name, position, createdAt: createdAt(foundedAt, position) }),
  );
}

export function seedNumbers(founding: Founding, users: readonly NestedUser[]): PhoneNumber[] {
  const { profile, firstId, foundedAt, random } = founding;
  return profile.numbers.map(({ name, range, country }, position) => ({
    id: firstId + position,
    direct_link: `/v1/numbers/${firstId + position}`,
    name,
    digits: fictionalDigits(range, random),
    created_at: createdAt(foundedAt, position),
    country,
    time_zone: profile.timeZone,
    availability_status: "custom",
    live_recording_activated: position !== 2,
    priority: position === 1 ? 1 : null,
    users: users.filter((_, user) => user % profile.numbers.length !== position),
    messages: {},
  }));
}

export function seedTeams({ profile, firstId, foundedAt }: Founding, users: readonly NestedUser[]): Team[] {
  return Object.entries(profile.teams).map(([name, members], position) => ({
    id: firstId + position,
    direct_link: `/v1/teams/${firstId + position}`,
    name,
    created_at: createdAt(foundedAt, position),
    users: users.filter((_, user) => members.includes(user)),
  }));
}

export function seedWellKnown(founding: Founding): Contact[] {
  const { profile, firstId, foundedAt } = founding;
  return profile.contacts.map((contact, position) =>
    seedContact(contact, { id: firstId + position, createdAtMs: foundedAt + position * dayMs }, founding),
  );
}

export function seedTags({ firstId }: Founding): Tag[] {
  return tagNames.map(([name, color], position) => ({ id: firstId + position, name, color, description: null }));
}

export function seedStrangers({ profile, random }: Founding): string[] {
  return Array.from({ length: 24 }, () => fictionalDigits(random.pick(profile.callers), random));
}

export function seedIntegration(
  { companyId, firstId }: Founding,
  numbers: PhoneNumber[],
  user: NestedUser,
): Integration {
  return {
    id: firstId,
    name: "Simulated app",
    custom_name: null,
    logo: null,
    company_id: companyId,
    status: "active",
    active: true,
    number_ids: numbers.map(({ id }) => id),
    numbers_count: numbers.length,
    user,
  };
}

function createdAt(foundedAt: number, position: number): string {
  return new Date(foundedAt + position * 3 * dayMs).toISOString();
}
