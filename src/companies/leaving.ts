import type { CompanyName } from "../config/company-id";
import { atMost } from "../time/within";

/** What is to be done at Aircall while a company is still connected, because it is about to be disconnected. */
export type BeforeDisconnect = (company: CompanyName) => Promise<void>;

export interface Leaving {
  /** Answers the function that ends the listening. */
  readonly listen: (work: BeforeDisconnect) => () => void;
  /** Waits 5 s at most. Never rejects: what fails keeps nobody connected. */
  readonly tell: (company: CompanyName) => Promise<void>;
}

export function createLeaving(limitMs = 5_000): Leaving {
  const works = new Set<BeforeDisconnect>();

  return {
    listen(work) {
      works.add(work);
      return () => void works.delete(work);
    },
    tell: (company) => atMost(limitMs, Promise.allSettled([...works].map((work) => work(company)))),
  };
}
