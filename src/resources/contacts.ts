import { fromHere } from "../http/call-site";
import { type Id, type Route, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import { type Confirmed, sendConfirmed } from "./confirm";
import { list } from "./list";
import { upsertByPhone } from "./upsert-by-phone";
import type { ListQuery } from "./wire";

/** Somebody outside the company. */
export interface Contact {
  id: number;
  direct_link: string;
  first_name: string | null;
  last_name: string | null;
  company_name: string | null;
  /** In no recorded answer. */
  description?: string | null;
  information: string | null;
  /** Whether the whole company sees it. */
  is_shared: boolean;
  /** UNIX seconds from the API; ISO 8601 text in webhooks, by their documentation. */
  created_at?: number | string | null;
  /** As `created_at`. */
  updated_at?: number | string | null;
  phone_numbers: ContactDetail[];
  emails: ContactDetail[];
}

/** A phone number or e-mail address of a contact. */
export interface ContactDetail {
  id: number;
  label: string | null;
  value: string;
}

/** Which contacts; all of them without it. */
export interface ContactQuery extends ListQuery {
  /** What `order`, `from` and `to` look at; `created_at` by default. */
  order_by?: "created_at" | "updated_at" | undefined;
}

/** Contacts that match every field given. */
export interface ContactSearch extends ContactQuery {
  /** E.164. */
  phone_number?: string | undefined;
  email?: string | undefined;
}

/** Names have up to 255 characters. */
export interface NewContact {
  first_name?: string | undefined;
  last_name?: string | undefined;
  company_name?: string | undefined;
  information?: string | undefined;
  /** 1 to 20. */
  phone_numbers: readonly NewContactDetail[];
  /** Up to 20. */
  emails?: readonly NewContactDetail[] | undefined;
}

/** What is left out stays as it is; blank text is refused. Phone numbers and e-mail addresses have rows of their own. */
export type ContactChanges = Pick<NewContact, "first_name" | "last_name" | "company_name" | "information">;

/** A phone number or e-mail address for a contact. */
export interface NewContactDetail {
  /** `work`, `mobile` or your own word. */
  label?: string | undefined;
  /** The phone number or e-mail address. */
  value: string;
}

/** The company's shared contacts, without those of its CRM. @see https://developers.aircall.io/api-references/#contacts */
export const contacts = (http: Api) => {
  const byTime = (path: Route) => (query?: ContactQuery) => ({
    route: path,
    key: "contacts",
    time: query?.order_by ?? "created_at",
  });
  const all = list<Contact, ContactQuery>(http, byTime(route`GET /v1/contacts`));
  const found = list<Contact, ContactSearch>(http, byTime(route`GET /v1/contacts/search`));
  const get = (id: Id, options?: CallOptions) => http.send<Contact>(route`GET /v1/contacts/${id}`, "contact", options);
  const create = (contact: NewContact, options?: CallOptions) =>
    http.send<Contact>(route`POST /v1/contacts`, "contact", options, contact);
  const update = (id: Id, changes: ContactChanges, options?: CallOptions) =>
    http.send<Contact>(route`POST /v1/contacts/${id}`, "contact", options, changes);
  const newest = (options: CallOptions) => all.page({ order: "desc", per_page: 50 }, options);

  return {
    /** One page. */
    list: all.page,
    /**
     * Every contact once, oldest first unless `order` is `desc`; beyond Aircall's 10,000 results too. Ends at the moment
     * it began unless `to` says otherwise; by `updated_at`, what changes meanwhile is left to the next walk.
     * @throws {ResultCapError} when one second has more than 10,000 contacts.
     */
    iterate: all.iterate,
    /** One page of the contacts with this phone number or e-mail address. */
    search: found.page,
    /** Every contact with this phone number or e-mail address, as `iterate`. */
    iterateSearch: found.iterate,
    /** @throws {ApiError} 404 `not_found`. */
    get,
    /** Never sent twice: Aircall looks for no duplicate, and would keep two contacts. */
    create,
    /** Never sent twice. */
    update,
    /**
     * Gives the contact with this number these fields, or makes one; answers it as it is then. `phone` is in E.164.
     *
     * One at a time for each company and number: in this process, and in all that share a Redis by `redisGrants()`, a
     * session store on Redis or `createAircallClient({ redis })`. A new contact's id is remembered there for ten minutes, for
     * Aircall's search finds new contacts late. Callers with the same fields at the same time share one run. Not promised:
     * one contact where processes without a common Redis, or others than this library, make it at the same time.
     * @throws {ApiError} as `update` and `create`. {StoreError} when Redis fails: nothing was sent. Where `outcome` is
     * `unknown`, call it again: it looks among the newest contacts too.
     */
    upsertByPhone: (phone: string, fields: ContactChanges = {}, options: CallOptions = {}) =>
      fromHere(() =>
        upsertByPhone(http, { get, search: found.page, newest, create, update }, [phone, fields, options]),
      ),
    /** Deletes the contact for good, for the whole company: `remove(id, { confirm: id })`. */
    remove: (id: Id, options: Confirmed) =>
      sendConfirmed(http, { route: route`DELETE /v1/contacts/${id}`, id }, options),
    /** Adds a phone number; a contact has up to 20. Never sent twice. */
    addPhone: (id: Id, phone: NewContactDetail, options?: CallOptions) =>
      http.send<ContactDetail>(route`POST /v1/contacts/${id}/phone_details`, "phone_detail", options, phone),
    /** `phoneId` is the `id` inside the contact's `phone_numbers`. */
    updatePhone: (id: Id, phoneId: Id, phone: NewContactDetail, options?: CallOptions) =>
      http.send<ContactDetail>(route`PUT /v1/contacts/${id}/phone_details/${phoneId}`, "phone_detail", options, phone),
    /** `phoneId` as for `updatePhone`. @throws {ApiError} 404 `not_found`. */
    removePhone: (id: Id, phoneId: Id, options?: CallOptions) =>
      http.send<void>(route`DELETE /v1/contacts/${id}/phone_details/${phoneId}`, null, options),
    /** Adds an e-mail address; a contact has up to 20. Never sent twice. */
    addEmail: (id: Id, email: NewContactDetail, options?: CallOptions) =>
      http.send<ContactDetail>(route`POST /v1/contacts/${id}/email_details`, "email_detail", options, email),
    /** `emailId` is the `id` inside the contact's `emails`. */
    updateEmail: (id: Id, emailId: Id, email: NewContactDetail, options?: CallOptions) =>
      http.send<ContactDetail>(route`PUT /v1/contacts/${id}/email_details/${emailId}`, "email_detail", options, email),
    /** `emailId` as for `updateEmail`. @throws {ApiError} 404 `not_found`. */
    removeEmail: (id: Id, emailId: Id, options?: CallOptions) =>
      http.send<void>(route`DELETE /v1/contacts/${id}/email_details/${emailId}`, null, options),
  };
};
