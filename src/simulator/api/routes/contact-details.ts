import type { Company } from "../../data/company";
import type { Contact } from "../../data/entities";
import type { Tell } from "../../data/happening";
import { nextId } from "../../data/ids";
import type { SearchIndex } from "../../data/search-index";
import { created, done, Refusal, type Answer } from "../answers";
import { named, take, type AddEndpoint } from "../endpoint";
import { required } from "../fields";
import { email, text } from "../kinds";

export const detailFields = { label: text(), value: required(text()) };

const kinds = [
  { path: "phone_details", list: "phone_numbers", key: "phone_detail", fields: detailFields },
  { path: "email_details", list: "emails", key: "email_detail", fields: { ...detailFields, value: required(email) } },
] as const;

const detailsPerContact = 20;

interface Parts {
  /** Now, in UNIX seconds. */
  readonly seconds: () => number;
  readonly index: SearchIndex;
  readonly tell: Tell;
}

/** Phone numbers and e-mail addresses of a contact, each with an id of its own. */
export function addContactDetailRoutes(endpoint: AddEndpoint, { seconds, index, tell }: Parts): void {
  function touch(company: Company, contact: Contact): void {
    contact.updated_at = seconds();
    tell(company, { event: "contact.updated", contact });
  }

  for (const { path, list, key, fields } of kinds) {
    endpoint(`POST /v1/contacts/:id/${path}`, { body: fields }, (ask) => {
      const contact = named(ask.company.contacts, ask, { noun: "contact" });
      if (contact[list].length >= detailsPerContact) throw new Refusal(400, `A contact has at most 20 ${list}`);
      const detail = { label: null, ...ask.body, id: nextId(ask.company) };
      contact[list].push(detail);
      index.follow(detail);
      touch(ask.company, contact);
      return created({ [key]: detail });
    });

    endpoint(`PUT /v1/contacts/:id/${path}/:detailId`, { body: fields }, (ask): Answer => {
      const contact = named(ask.company.contacts, ask, { noun: "contact" });
      const detail = named(contact[list], ask, { noun: key, param: "detailId" });
      index.follow(detail);
      Object.assign(detail, ask.body);
      touch(ask.company, contact);
      return { status: 202, body: { [key]: detail } };
    });

    endpoint(`DELETE /v1/contacts/:id/${path}/:detailId`, {}, (ask) => {
      const contact = named(ask.company.contacts, ask, { noun: "contact" });
      take(contact[list], named(contact[list], ask, { noun: key, param: "detailId" }));
      touch(ask.company, contact);
      return done;
    });
  }
}
