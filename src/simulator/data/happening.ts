import type { Company } from "./company";
import type { Call, Contact, NestedUser, PhoneNumber, User } from "./entities";
import type { WebhookEvent } from "./webhooks";

/** What happened to what at the pretend Aircall. */
export type Happening = About & {
  readonly event: WebhookEvent;
  /** UNIX milliseconds; now when omitted. */
  readonly at?: number;
  /** Put over the body of the event, key by key; a key that is undefined is left out. */
  readonly overrides?: object;
};

type About =
  | { readonly call: Call; readonly ringing?: NestedUser | null }
  | { readonly user: User }
  | { readonly number: PhoneNumber }
  | { readonly contact: Contact }
  /** Its body as it is, and the number it came to or from. */
  | { readonly message: object; readonly line: Pick<PhoneNumber, "id"> }
  /** A body as it is. */
  | { readonly data: object };

/** Tells those who have webhooks. */
export type Tell = (company: Company, happening: Happening) => void;
