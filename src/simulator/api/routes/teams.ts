import type { Team } from "../../data/entities";
import { nextId } from "../../data/ids";
import { nestedUser } from "../../data/people";
import { done, ok, Refusal } from "../answers";
import { named, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { text } from "../kinds";
import { sendPage } from "../paginate";
import { presentTeam } from "../present";
import { orderedQuery } from "../query";

const longestName = 64;

export function addTeamsRoutes(endpoint: AddEndpoint, { now }: { now: () => number }): void {
  endpoint("GET /v1/teams", { query: orderedQuery }, ({ req, res, company }) => {
    sendPage(req, res, {
      key: "teams",
      items: company.teams,
      createdAt: ({ created_at }) => Date.parse(created_at) / 1000,
      present: (team) => presentTeam(company, team),
    });
  });

  endpoint("GET /v1/teams/:id", {}, (ask) => ok({ team: presentTeam(ask.company, teamOf(ask)) }));

  endpoint("POST /v1/teams", { body: { name: required(text()) } }, ({ company, body: { name } }) => {
    requireGoodName(company.teams, name);
    const id = nextId(company);
    const team: Team = {
      id,
      direct_link: `/v1/teams/${id}`,
      name,
      created_at: new Date(now()).toISOString(),
      users: [],
    };
    company.teams.push(team);
    return ok({ team });
  });

  endpoint("DELETE /v1/teams/:id", {}, (ask) => {
    take(ask.company.teams, teamOf(ask));
    return done;
  });

  endpoint("POST /v1/teams/:id/users/:userId", {}, (ask) => {
    const team = teamOf(ask);
    const user = named(ask.company.users, ask, { noun: "user", param: "userId" });
    team.users = [...team.users.filter(({ id }) => id !== user.id), nestedUser(user)];
    return ok({ team: presentTeam(ask.company, team) });
  });

  endpoint("DELETE /v1/teams/:id/users/:userId", {}, (ask) => {
    const team = teamOf(ask);
    const leaving = named(team.users, ask, { noun: "user in this team", param: "userId" });
    team.users = team.users.filter((user) => user !== leaving);
    return ok({ team: presentTeam(ask.company, team) });
  });
}

function teamOf(ask: Pick<Ask, "req" | "company">): Team {
  return named(ask.company.teams, ask, { noun: "team" });
}

function requireGoodName(teams: readonly Team[], name: string): void {
  const problem =
    name.length > longestName
      ? `is too long (maximum is ${longestName} characters)`
      : teams.some((team) => team.name === name) && "has already been taken";
  if (problem) throw new Refusal(422, `name ${problem}`, { errors: { name: [problem] } });
}
