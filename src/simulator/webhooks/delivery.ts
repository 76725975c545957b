import type { OwnedWebhook } from "../data/webhooks";
import type { Posted } from "./post";

/** One time that an event was sent. */
export interface Attempt extends Posted {
  /** UNIX milliseconds, by the simulator's clock. */
  readonly at: number;
  /** Real milliseconds until it was over. */
  readonly tookMs: number;
}

/** One event on its way to one address. */
export interface Delivery {
  readonly id: number;
  readonly companyId: number;
  /** E.g. `call.ended`; of a number callback its `event_name`. */
  readonly event: string;
  readonly url: string;
  /** Null for a number callback. */
  readonly webhookId: string | null;
  /** As sent, with its token. */
  readonly body: Readonly<Record<string, unknown>>;
  /** UNIX milliseconds. */
  readonly at: number;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  /** `dropped` never left; `given_up` was refused too often, or its webhook is gone. */
  readonly state: "waiting" | "delivered" | "given_up" | "dropped";
}

/** A delivery under way. */
export interface Sending extends Delivery {
  url: string;
  readonly attempts: Attempt[];
  state: Delivery["state"];
  readonly json: string;
  /** Null for a number callback, which is sent once. */
  readonly owned: OwnedWebhook | null;
  /** Events of one subject follow each other. */
  readonly subject: string;
}

export interface DeliveryBook {
  /** The latest thousand, oldest first. */
  readonly all: readonly Delivery[];
  readonly find: (id: number) => Sending | undefined;
  readonly enter: (sending: Omit<Sending, "id" | "attempts" | "state">) => Sending;
  readonly clear: () => void;
}

const remembered = 1_000;

export function createDeliveryBook(): DeliveryBook {
  let sendings: Sending[] = [];
  let lastId = 0;

  return {
    get all() {
      return sendings.map(shown);
    },
    find: (id) => sendings.find((sending) => sending.id === id),
    enter(given) {
      const sending: Sending = { ...given, id: (lastId += 1), attempts: [], state: "waiting" };
      sendings.push(sending);
      if (sendings.length > remembered) sendings.shift();
      return sending;
    },
    clear() {
      sendings = [];
    },
  };
}

function shown({ json: _, owned: __, subject: ___, ...delivery }: Sending): Delivery {
  return { ...delivery, attempts: [...delivery.attempts] };
}
