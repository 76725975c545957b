import type { Contact } from "../../data/entities";
import type { Tell } from "../../data/happening";
import { nextId } from "../../data/ids";
import { hasNumber } from "../../data/phone-digits";
import { createSearchIndex } from "../../data/search-index";
import { done, ok } from "../answers";
import { addContactDetailRoutes, detailFields } from "./contact-details";
import { named, take, type AddEndpoint, type Ask } from "../endpoint";
import { required } from "../fields";
import { email, listOf, object, text, word } from "../kinds";
import { sendPage } from "../paginate";
import { datedQuery } from "../query";

const noun = "contact";
const name = text({ max: 255 });
const contactFields = { first_name: name, last_name: name, company_name: name, information: text() };
const newContact = {
  ...contactFields,
  phone_numbers: required(listOf(object(detailFields), { min: 1, max: 20 })),
  emails: listOf(object({ ...detailFields, value: required(email) }), { max: 20 }),
};
const listQuery = { ...datedQuery, order_by: word("created_at", "updated_at") };
const searchQuery = { ...listQuery, phone_number: text(), email: text() };

/** What the contacts' routes are told of the simulator; `now` in UNIX milliseconds. */
interface Settings {
  readonly now: () => number;
  readonly resultCap: number;
  readonly searchLagSeconds: number;
  readonly tell: Tell;
}

export function addContactsRoutes(endpoint: AddEndpoint, settings: Settings): void {
  const { now, resultCap, tell } = settings;
  const seconds = () => Math.floor(now() / 1000);
  const index = createSearchIndex(settings);

  endpoint("GET /v1/contacts", { query: listQuery }, (ask) => sendContacts(ask, resultCap));

  endpoint("GET /v1/contacts/search", { query: searchQuery }, (ask) => {
    const { phone_number, email } = ask.query;
    const known = index.isKnown;
    const matches = (contact: Contact) =>
      known(contact) &&
      (phone_number === undefined || hasNumber(contact.phone_numbers.filter(known), phone_number)) &&
      (email === undefined || hasAddress(contact.emails.filter(known), email));
    sendContacts(ask, resultCap, matches);
  });

  endpoint("GET /v1/contacts/:id", {}, (ask) => ok({ contact: named(ask.company.contacts, ask, { noun }) }));

  endpoint("POST /v1/contacts", { body: newContact }, ({ company, body }) => {
    const { phone_numbers, emails = [], ...names } = body;
    const id = nextId(company);
    const contact: Contact = {
      id,
      direct_link: `/v1/contacts/${id}`,
      first_name: null,
      last_name: null,
      company_name: null,
      information: null,
      is_shared: true,
      created_at: seconds(),
      updated_at: seconds(),
      phone_numbers: phone_numbers.map((detail) => ({ label: null, ...detail, id: nextId(company) })),
      emails: emails.map((detail) => ({ label: null, ...detail, id: nextId(company) })),
      ...names,
    };
    company.contacts.push(contact);
    index.follow(contact);
    tell(company, { event: "contact.created", contact });
    return ok({ contact });
  });

  endpoint("POST /v1/contacts/:id", { body: contactFields }, (ask) => {
    const contact = named(ask.company.contacts, ask, { noun });
    Object.assign(contact, ask.body, { updated_at: seconds() });
    tell(ask.company, { event: "contact.updated", contact });
    return ok({ contact });
  });

  endpoint("DELETE /v1/contacts/:id", {}, (ask) => {
    const contact = named(ask.company.contacts, ask, { noun });
    take(ask.company.contacts, contact);
    tell(ask.company, { event: "contact.deleted", contact });
    return done;
  });

  addContactDetailRoutes(endpoint, { seconds, index, tell });
}

function sendContacts(ask: Ask<typeof listQuery>, cap: number, matches?: (contact: Contact) => boolean): void {
  sendPage(ask.req, ask.res, {
    key: "contacts",
    items: ask.company.contacts,
    createdAt: (contact) => contact.created_at,
    ...(ask.query.order_by === "updated_at" && { orderBy: (contact: Contact) => contact.updated_at }),
    ...(matches && { matches }),
    cap,
  });
}

function hasAddress(emails: readonly { value: string }[], wanted: string): boolean {
  return emails.some(({ value }) => value.toLowerCase() === wanted.toLowerCase());
}
