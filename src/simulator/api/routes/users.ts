import { twins } from "../../data/calls/call-life";
import type { User } from "../../data/entities";
import type { Happening, Tell } from "../../data/happening";
import { nextId } from "../../data/ids";
import { happenIn } from "../../data/later";
import { changeUser, newUser } from "../../data/people";
import type { DeletionSeconds } from "../../habits";
import { done, ok, Refusal } from "../answers";
import { found, named, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { email, id, listOf, text, wholeNumber, word } from "../kinds";
import { sendPage } from "../paginate";
import { presentListedNumber, presentListedUser } from "../present";
import { datedQuery, orderedQuery } from "../query";

const noun = "user";
const userFields = {
  availability_status: word("available", "custom", "unavailable"),
  role_ids: listOf(word("owner", "supervisor", "admin", "agent")),
  wrap_up_time: wholeNumber({ min: 0 }),
};
const newUserFields = {
  ...userFields,
  email: required(email),
  first_name: required(text()),
  last_name: required(text()),
  inviter_user_id: id,
  // Some descriptions mention these two.
  time_zone: text(),
  language: text(),
};
const userChanges = {
  ...userFields,
  first_name: text(),
  last_name: text(),
  substatus: word("out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other"),
};

/** What the users' routes are told of the simulator; `now` in UNIX milliseconds. */
interface Settings {
  readonly now: () => number;
  readonly deletionSeconds: DeletionSeconds;
  readonly tell: Tell;
}

export function addUsersRoutes(endpoint: AddEndpoint, { now, deletionSeconds, tell }: Settings): void {
  const tellAll = (company: Ask["company"], happenings: readonly Happening[]) => {
    for (const happening of happenings) tell(company, happening);
  };

  endpoint("GET /v2/users", { query: datedQuery }, ({ req, res, company }) => {
    sendPage(req, res, { key: "users", items: company.users, createdAt, present: presentListedUser });
  });

  endpoint("GET /v2/users/:id", {}, ({ req, company }) => {
    const wanted = req.params["id"];
    return ok({
      user: found(
        company.users.find((user) => user.email === wanted || String(user.id) === wanted),
        noun,
      ),
    });
  });

  endpoint("POST /v2/users", { body: newUserFields }, ({ company, body }) => {
    requireFreeEmail(company.users, body.email);
    const user = newUser(body, { id: nextId(company), createdAt: new Date(now()).toISOString() });
    company.users.push(user);
    company.invited.add(user.id);
    tellAll(company, twins(user, "user.created"));
    return ok({ user });
  });

  endpoint("PUT /v2/users/:id", { body: userChanges }, (ask) => {
    const user = named(ask.company.users, ask, { noun });
    const { available } = user;
    changeUser(user, ask.body, { signedIn: !ask.company.invited.has(user.id) });
    if (!available && user.available) tellAll(ask.company, twins(user, "user.opened"));
    if (available && !user.available) tellAll(ask.company, closed(user));
    return ok({ user });
  });

  endpoint("DELETE /v1/users/:id", {}, (ask) => {
    const user = named(ask.company.users, ask, { noun });
    happenIn(ask.company, { seconds: deletionSeconds.user, now: now() }, () => {
      if (ask.company.users.includes(user)) tellAll(ask.company, twins(user, "user.deleted"));
      removeUser(ask.company, user);
    });
    return done;
  });

  endpoint("GET /v2/users/:id/numbers", { query: orderedQuery }, (ask) => sendNumbers(ask));

  endpoint("GET /v1/users/availabilities", { query: datedQuery }, ({ req, res, company }) => {
    sendPage(req, res, {
      key: "users",
      items: company.users,
      createdAt,
      present: (user) => ({ id: user.id, availability: availabilityOf(user, company) }),
    });
  });

  endpoint("GET /v1/users/:id/availability", {}, (ask) =>
    ok({ availability: availabilityOf(named(ask.company.users, ask, { noun }), ask.company) }),
  );
}

/** `user.closed` comes twice, as where reasons are enabled: first without the reason, then with it. */
function closed(user: User): Happening[] {
  return [...twins(user, "user.closed", { substatus: undefined, state: undefined }), ...twins(user, "user.closed")];
}

/** Removes a user; one who was deleted twice is removed once. */
function removeUser({ users, teams, numbers }: Ask["company"], user: User): void {
  if (users.includes(user)) take(users, user);
  for (const group of [...teams, ...numbers]) group.users = group.users.filter(({ id }) => id !== user.id);
}

function sendNumbers(ask: Pick<Ask, "req" | "res" | "company">): void {
  const user = named(ask.company.users, ask, { noun });
  sendPage(ask.req, ask.res, {
    key: "numbers",
    items: ask.company.numbers.filter(({ users }) => users.some(({ id }) => id === user.id)),
    createdAt,
    present: (number) => ({ ...presentListedNumber(number), flow_editor_enabled: true }),
  });
}

/** How the two ways of describing an agent fit together is our choice. */
function availabilityOf(user: User, { ongoing, invited }: Ask["company"]): string {
  if (invited.has(user.id)) return "offline";
  if (ongoing.some((call) => call.user?.id === user.id)) return "in_call";
  if (user.available) return "available";
  return user.substatus === "always_closed" ? "offline" : "do_not_disturb";
}

function createdAt({ created_at }: { created_at: string }): number {
  return Math.floor(Date.parse(created_at) / 1000);
}

function requireFreeEmail(users: readonly User[], address: string): void {
  if (users.every((user) => user.email !== address)) return;
  throw new Refusal(422, "email is taken by another user", { errors: { email: ["has already been taken"] } });
}
