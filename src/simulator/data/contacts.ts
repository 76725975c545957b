import type { Contact } from "./entities";
import { shareSeconds } from "./calls/history";
import { seedContact } from "./people";
import type { Profile } from "./profiles";
import { createRandom } from "./random";

export interface ContactSeed {
  readonly seed: number;
  /** Which company, counted from zero. */
  readonly index: number;
  readonly profile: Profile;
  readonly companyId: number;
  /** UNIX milliseconds. */
  readonly now: number;
  /** How many there are to be; null is content with the well-known ones. */
  readonly contacts: number | null;
}

/** The well-known contacts first, then as many made-up ones as are missing, in order of creation. */
export function seedContacts(wellKnown: readonly Contact[], seed: ContactSeed): Contact[] {
  const count = seed.contacts ?? wellKnown.length;
  return [...wellKnown.slice(0, count), ...furtherContacts(count - wellKnown.length, wellKnown.at(-1), seed)];
}

function furtherContacts(count: number, last: Contact | undefined, seed: ContactSeed): Contact[] {
  const { profile, companyId } = seed;
  const random = createRandom(seed.seed, seed.index, 3);
  const until = Math.floor(seed.now / 1000);
  const from = Math.min(last?.created_at ?? until, until);
  const times = Array.from({ length: Math.max(0, count) }, () => random.between(from, until));

  return shareSeconds(
    times.sort((one, other) => one - other),
    random,
  ).map((createdAt, position) => {
    const [first] = random.pick(profile.contacts);
    const [, last, company] = random.pick(profile.contacts);
    const made = { id: companyId * 1_000_000 + position, createdAtMs: createdAt * 1000 };
    const contact = seedContact([first, last, company], made, { profile, random });
    return random.chance(0.3) ? { ...contact, updated_at: random.between(createdAt, until) } : contact;
  });
}
