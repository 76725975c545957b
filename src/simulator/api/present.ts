import type { Company } from "../data/company";
import type { NestedUser, PhoneNumber, Team, User } from "../data/entities";
import { nestedUser } from "../data/people";

/** A user as lists have it. */
export function presentListedUser({ role_ids: _, ...user }: User): object {
  return user;
}

/** A team with its users as they are now. */
export function presentTeam({ users }: Company, team: Team): object {
  return { ...team, users: users.filter(({ id }) => team.users.some((member) => member.id === id)).map(teamUser) };
}

/** A number with its users as they are now. */
export function presentNumber({ users }: Company, number: PhoneNumber): object {
  const members = users.filter(({ id }) => number.users.some((member) => member.id === id));
  return { ...number, users: members.map((user): NestedUser => nestedUser(user)) };
}

/** A number as everything but its own address has it. */
export function presentListedNumber({ users: _, ...number }: PhoneNumber): object {
  return number;
}

function teamUser(user: User): object {
  const { available: _, substatus: __, state: ___, ...member } = nestedUser(user);
  return { ...member, default_number_id: user.default_number_id };
}
