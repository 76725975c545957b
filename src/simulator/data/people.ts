import type { Contact, NestedUser, User } from "./entities";
import { fictionalDigits } from "./fictional-digits";
import type { Profile } from "./profiles";
import type { Random } from "./random";

export function seedUser(profile: Profile, name: string, position: number, firstId: number, createdAt: string): User {
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
    time_zone: profile.timeZone,
    language: profile.language,
    wrap_up_time: position % 2 ? 30 : 0,
    extension: String(position + 1).padStart(3, "0"),
    default_number_id: firstId,
  };
}

export function seedContact(
  profile: Profile,
  [first, last, company]: Profile["contacts"][number],
  id: number,
  createdAtMs: number,
  random: Random,
): Contact {
  return {
    id,
    direct_link: `/v1/contacts/${id}`,
    first_name: first,
    last_name: last,
    company_name: company,
    description: null,
    information: null,
    is_shared: true,
    created_at: createdAtMs / 1000,
    updated_at: createdAtMs / 1000,
    phone_numbers: [{ id: id * 10, label: "Work", value: fictionalDigits(random.pick(profile.callers), random) }],
    emails: [{ id: id * 10 + 1, label: "Work", value: `${plainLetters(first)}@${plainLetters(last)}.example` }],
  };
}

export function nestedUser(user: User): NestedUser {
  const { id, direct_link, name, email, available, availability_status, created_at, time_zone, language } = user;
  return { id, direct_link, name, email, available, availability_status, created_at, time_zone, language };
}

/** Lower case and without accents, for addresses. */
function plainLetters(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase();
}
