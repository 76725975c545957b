import type { Contact, NestedUser, Role, User } from "./entities";
import { fictionalDigits } from "./fictional-digits";
import type { Profile } from "./profiles";
import type { Random } from "./random";

interface Hired {
  readonly name: string;
  readonly position: number;
  readonly createdAt: string;
}

export function seedUser(profile: Profile, firstId: number, { name, position, createdAt }: Hired): User {
  const id = firstId + position;
  const away = profile.away[position];
  return {
    id,
    direct_link: `/v1/users/${id}`,
    name,
    email: `${plainLetters(name).replace(" ", ".")}@${profile.domain}`,
    created_at: createdAt,
    available: away === undefined,
    availability_status: away === undefined ? "available" : "unavailable",
    substatus: away ?? "always_open",
    state: stateOf(away ?? "always_open"),
    time_zone: profile.timeZone,
    language: profile.language,
    wrap_up_time: position % 2 ? 30 : 0,
    extension: String(position + 1).padStart(3, "0"),
    default_number_id: firstId,
    role_ids: [position === 0 ? "owner" : "agent"],
  };
}

export function seedContact(
  [first, last, company]: Profile["contacts"][number],
  { id, createdAtMs }: { readonly id: number; readonly createdAtMs: number },
  { profile, random }: { readonly profile: Profile; readonly random: Random },
): Contact {
  return {
    id,
    direct_link: `/v1/contacts/${id}`,
    first_name: first,
    last_name: last,
    company_name: company,
    information: null,
    is_shared: true,
    created_at: createdAtMs / 1000,
    updated_at: createdAtMs / 1000,
    phone_numbers: [{ id: id * 10, label: "Work", value: fictionalDigits(random.pick(profile.callers), random) }],
    emails: [{ id: id * 10 + 1, label: "Work", value: `${plainLetters(first)}@${plainLetters(last)}.example` }],
  };
}

interface Person {
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly time_zone?: string;
  readonly language?: string;
}

/** What may be changed about somebody; what is left out stays. */
export interface UserChanges extends Partial<Pick<Person, "first_name" | "last_name">> {
  readonly availability_status?: User["availability_status"];
  readonly substatus?: string;
  readonly role_ids?: readonly Role[];
  readonly wrap_up_time?: number;
}

/** Somebody who was invited, and is signed out until they say yes. */
export function newUser(
  { email, first_name, last_name, time_zone = "Etc/UTC", language = "en-US", ...changes }: Person & UserChanges,
  { id, createdAt }: { id: number; createdAt: string },
): User {
  const user: User = {
    id,
    direct_link: `/v1/users/${id}`,
    name: `${first_name} ${last_name}`,
    email,
    created_at: createdAt,
    available: false,
    availability_status: "available",
    substatus: "always_open",
    state: stateOf("always_open"),
    time_zone,
    language,
    wrap_up_time: 0,
    extension: null,
    default_number_id: null,
    role_ids: ["agent"],
  };
  changeUser(user, changes, { signedIn: false });
  return user;
}

/** `custom` follows working hours; it is always working hours here. Nobody who is signed out is available. */
export function changeUser(user: User, changes: UserChanges, { signedIn }: { signedIn: boolean }): void {
  const [first = "", ...rest] = user.name.split(" ");
  const { first_name = first, last_name = rest.join(" "), availability_status, substatus } = changes;
  user.name = `${first_name} ${last_name}`;
  user.role_ids = changes.role_ids ?? user.role_ids;
  user.wrap_up_time = changes.wrap_up_time ?? user.wrap_up_time;
  user.availability_status = availability_status ?? user.availability_status;
  const away = user.availability_status === "unavailable";
  if (availability_status !== undefined) {
    user.available = signedIn && !away;
    user.substatus = away ? "always_closed" : "always_open";
  }
  if (substatus !== undefined && away) user.substatus = substatus;
  user.state = stateOf(user.substatus);
}

function stateOf(substatus: string): string {
  return substatus === "always_open" ? "always_opened" : substatus;
}

export function nestedUser(user: User): NestedUser {
  const { extension: _, default_number_id: __, role_ids: ___, ...nested } = user;
  return nested;
}

/** Lower case and without accents, for addresses. */
function plainLetters(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase();
}
