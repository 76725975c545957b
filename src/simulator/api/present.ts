import type { Company } from "../data/company";
import type { NestedUser, PhoneNumber, Team } from "../data/entities";
import { nestedUser } from "../data/people";

/** A team with its users as they are now; only a list shows their availability. */
export function presentTeam(company: Company, team: Team, { inList = false } = {}): object {
  const users = usersNow(company, team.users).map(({ available: _, availability_status, ...user }) => ({
    ...user,
    ...(inList && { availability_status }),
  }));
  return { ...team, users };
}

/** A number with its users as they are now. */
export function presentNumber(company: Company, number: PhoneNumber): object {
  return { ...number, users: usersNow(company, number.users) };
}

function usersNow({ users }: Company, members: readonly NestedUser[]): NestedUser[] {
  return users.filter((user) => members.some(({ id }) => id === user.id)).map(nestedUser);
}
