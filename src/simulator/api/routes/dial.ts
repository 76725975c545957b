import type { User } from "../../data/entities";
import type { LifeSettings } from "../../data/calls/call-life";
import { startCall } from "../../data/calls/ongoing-calls";
import type { Tell } from "../../data/happening";
import type { Dial, Outbox } from "../../data/outbox";
import { done, Refusal } from "../answers";
import { named, type AddEndpoint } from "../endpoint";
import { required } from "../fields";
import { id, phoneNumber } from "../kinds";

const to = required(phoneNumber);

/** What users are asked to dial, or to call at once. */
export function addDialRoutes(
  endpoint: AddEndpoint,
  { now, outbox: { dials }, ...given }: LifeSettings & { now: () => number; outbox: Outbox; tell: Tell },
): void {
  endpoint("POST /v1/users/:id/dial", { body: { to } }, (ask) => {
    const user = named(ask.company.users, ask, { noun: "user" });
    requireAvailable(user);
    note({ kind: "dial", companyId: ask.company.id, userId: user.id, to: ask.body.to, numberId: null });
    return done;
  });

  endpoint("POST /v1/users/:id/calls", { body: { to, number_id: required(id) } }, (ask) => {
    const { company, body } = ask;
    const user = named(company.users, ask, { noun: "user" });
    const number = company.numbers.find((number) => number.id === body.number_id);
    if (!number?.users.some(({ id }) => id === user.id)) {
      throw new Refusal(400, "number_id must be a number the user is assigned to");
    }
    requireAvailable(user);
    startCall(company, { user, number, to: body.to, at: Math.floor(now() / 1000) }, given);
    note({ kind: "call", companyId: company.id, userId: user.id, to: body.to, numberId: number.id });
    return done;
  });

  function note(dial: Omit<Dial, "at">): void {
    dials.push({ ...dial, at: now() });
  }
}

/** @throws {Refusal} 405, in Aircall's own words. */
export function requireAvailable({ available }: Pick<User, "available">): void {
  if (!available) throw new Refusal(405, "The user is currently unavailable");
}
