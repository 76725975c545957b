import type { Order } from "./order";
import type { Page } from "./page";
import type { Item, Place } from "./progress";
import type { Span } from "./strides";

/** What a walk over windows of time is made of. */
export interface WindowsParts<T> {
  /** Method and route template. */
  readonly request: string;
  readonly place: Place;
  readonly order: Order;
  /** The whole time to be walked; null for a list that is not walked by time. */
  readonly span: Span | null;
  readonly firstPage: number;
  /** What is asked for; null where the list cannot be asked for pages of a size. */
  readonly perPage: number | null;
  readonly ahead: number;
  readonly room: () => number;
  readonly signal: AbortSignal;
  readonly toItem: (value: T) => Item<T>;
  readonly ask: (asked: AskedPage, signal: AbortSignal) => Promise<Page<T>>;
  readonly follow: (page: Page<T>, signal: AbortSignal) => Promise<Page<T> | null>;
}

export interface AskedPage {
  readonly span: Span;
  readonly page: number;
  readonly size: number;
}

/** What was learnt of a list on the way. */
export interface Limits {
  /** How many results of one query can be paged through. */
  reach: number;
  /** Items on a page. */
  size: number;
  /** Its pages have a size of their own, whatever is asked for. */
  fixed: boolean;
  /** What Aircall said of a page that was too far. */
  refusal: Error | null;
}

/** What is read in one go. */
export interface Window extends Span {
  /** All there is left; one second, which has more than can be paged through beside others; or what is before that. */
  readonly kind: "rest" | "second" | "before";
  readonly firstPage: number;
  /** Where its first item is at the earliest; what reaches the cap without leaving there cannot be split. */
  readonly start: number | null;
  /** Something of its first second was handed out before, and should be there again. */
  readonly expected?: boolean;
  /** How often the window came without it. */
  readonly again?: number;
  /** Page by page as the list counts them, none overlapping. */
  readonly plain?: boolean;
  /** What an earlier reading brought that could not be vouched for. */
  readonly trace?: string;
}

export type Ending =
  | { readonly kind: "complete" | "empty" }
  /** Something may have slipped through. */
  | { readonly kind: "moved"; readonly plain?: boolean }
  /** At the end, but only another reading that brings the same shows that nothing is missing; of all pages or the last. */
  | { readonly kind: "doubtful"; readonly trace: string; readonly whole: boolean }
  | { readonly kind: "capped"; readonly error: Error | null; readonly trace?: string };
