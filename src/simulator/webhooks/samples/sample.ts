import type { Company } from "../../data/company";
import type { User } from "../../data/entities";
import type { Happening } from "../../data/happening";
import { nextId } from "../../data/ids";
import { newUser } from "../../data/people";
import type { WebhookEvent } from "../../data/webhooks";
import { isAboutCalls, sampleCall, type SampleSettings } from "./calls";
import { contactSample, messageSample } from "./people";
import { otherData } from "./others";

/** Something of the company that this event can be about, as new as the event needs it to be. */
export function sampleOf(company: Company, event: WebhookEvent, settings: SampleSettings): Happening {
  const { now } = settings;
  const [kind = ""] = event.split(".");
  if (isAboutCalls(event)) return sampleCall(company, event, settings);
  if (kind === "user") return { event, user: userSample(company, event, now()) };
  if (kind === "number") return { event, number: company.numbers[0]! };
  if (kind === "contact") return { event, contact: contactSample(company, event, now()) };
  if (kind.endsWith("message")) return messageSample(company, event, now());
  return { event, data: otherData(company, event, settings) };
}

function userSample(company: Company, event: string, now: number): User {
  const [user] = company.users;
  if (user && !event.startsWith("user.created")) return user;
  const id = nextId(company);
  const person = { email: `new.${id}@${user?.email.split("@")[1] ?? "example.com"}`, first_name: "Robin" };
  return newUser({ ...person, last_name: "Ashby" }, { id, createdAt: new Date(now).toISOString() });
}
