/** Somebody outside the company. */
export interface WebhookContact {
  id: number;
  direct_link?: string;
  first_name: string | null;
  last_name: string | null;
  company_name: string | null;
  description?: string | null;
  information: string | null;
  is_shared: boolean;
  /** ISO 8601 text by the documentation, UNIX seconds in recorded bodies. */
  created_at?: string | number | null;
  /** As `created_at`. */
  updated_at?: string | number | null;
  phone_numbers: WebhookContactDetail[];
  emails: WebhookContactDetail[];
}

/** A phone number or e-mail address of a contact. */
export interface WebhookContactDetail {
  id?: number;
  label: string | null;
  value: string;
}

export interface ContactEvents {
  "contact.created": WebhookContact;
  "contact.updated": WebhookContact;
  "contact.deleted": WebhookContact;
}
