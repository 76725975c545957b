import type { Call } from "../../data/entities";
import type { Tell } from "../../data/happening";
import type { Outbox } from "../../data/outbox";
import { nestedUser } from "../../data/people";
import { done, Refusal } from "../answers";
import { callOf } from "./calls";
import { requireAvailable } from "./dial";
import type { AddEndpoint, Ask } from "../endpoint";
import { required, type Values } from "../fields";
import { id, listOf, object, phoneNumber, text, webAddress, word } from "../kinds";

const transferFields = {
  user_id: id,
  team_id: id,
  number: phoneNumber,
  dispatching_strategy: word("simultaneous", "random", "longest_idle"),
};
const cardFields = {
  type: required(word("title", "shortText", "user")),
  text: text(),
  label: text(),
  link: webAddress,
  user_id: id,
};
const longestCard = 10_000;

/** What can only be done while a call goes on. */
export function addOngoingCallsRoutes(
  endpoint: AddEndpoint,
  { now, outbox, tell }: { now: () => number; outbox: Outbox; tell: Tell },
): void {
  endpoint("POST /v1/calls/:id/transfers", { body: transferFields }, (ask) => {
    const call = ongoingCallOf(ask);
    const { user: transferred_by } = call;
    transfer(call, ask.body, ask.company);
    const { external_transferred_to, raw_digits: external_caller_number } = call;
    if (external_transferred_to === undefined) {
      tell(ask.company, { event: "call.transferred", call, overrides: { transferred_by } });
    } else {
      tell(ask.company, { event: "call.external_transferred", call, overrides: { external_caller_number } });
    }
    return done;
  });

  for (const verb of ["pause", "resume"]) {
    endpoint(`POST /v1/calls/:id/${verb}_recording`, {}, (ask) => {
      const call = ongoingCallOf(ask);
      const number = ask.company.numbers.find(({ id }) => id === call.number.id);
      if (number?.live_recording_activated !== true) throw new Refusal(405, "The number does not record its calls");
      return done;
    });
  }

  endpoint("POST /v1/calls/:id/insight_cards", { body: { contents: required(listOf(object(cardFields))) } }, (ask) => {
    const call = ongoingCallOf(ask);
    const { contents } = ask.body;
    if (JSON.stringify(ask.body).length > longestCard) throw new Refusal(400, "contents must be less than 10 KB");
    outbox.insightCards.push({ companyId: ask.company.id, callId: call.id, contents, at: now() });
    return { status: 201 };
  });
}

function ongoingCallOf(ask: Pick<Ask, "req" | "company">): Call {
  const call = callOf(ask);
  if (call.status !== "done") return call;
  throw new Refusal(400, "The call has ended");
}

/** Transfers to one user, one team or one number outside. The call does not come back when nobody takes it. */
function transfer(call: Call, to: Values<typeof transferFields>, { users, teams }: Ask["company"]): void {
  const targets = [to.user_id, to.team_id, to.number].filter((target) => target !== undefined);
  if (targets.length !== 1) throw new Refusal(400, "Exactly one of user_id, team_id and number is wanted");
  if (to.number !== undefined) return transferOutside(call, to.number);

  const user = users.find(({ id }) => id === to.user_id);
  const team = teams.find(({ id }) => id === to.team_id);
  if (!user && !team) throw new Refusal(400, `There is no such ${to.user_id === undefined ? "team_id" : "user_id"}`);
  if (user) {
    requireAvailable(user);
    Object.assign(call, { user: nestedUser(user), transferred_to: nestedUser(user) });
  }
  if (team) {
    const { users: _, ...withoutUsers } = team;
    call.transferred_to = withoutUsers;
  }
}

function transferOutside(call: Call, number: string): void {
  const ringing = call.direction === "inbound" && call.status === "initial";
  if (!ringing) throw new Refusal(405, "Only an inbound call that still rings can go to a number outside");
  call.external_transferred_to = number;
}
