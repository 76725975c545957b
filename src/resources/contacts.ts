/** Somebody outside the company. */
export interface Contact {
  id: number;
  direct_link: string;
  first_name: string | null;
  last_name: string | null;
  company_name: string | null;
  description?: string | null;
  information: string | null;
  /** Whether the whole company sees it. */
  is_shared: boolean;
  /** UNIX seconds from the API; ISO 8601 text in webhooks. */
  created_at: number | string | null;
  /** As `created_at`. */
  updated_at: number | string | null;
  phone_numbers: ContactDetail[];
  emails: ContactDetail[];
}

/** A phone number or e-mail address of a contact. */
export interface ContactDetail {
  id: number;
  label: string | null;
  value: string;
}
