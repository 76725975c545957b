import { Course } from "../../src/pagination/course";
import { createOrder } from "../../src/pagination/order";
import { type Page, toPage } from "../../src/pagination/page";
import type { Limits, Window, WindowsParts } from "../../src/pagination/parts";
import { Place } from "../../src/pagination/progress";
import type { Stride } from "../../src/pagination/strides";

export interface Made {
  readonly limits?: Partial<Limits>;
  readonly window?: Partial<Window>;
  readonly byTime?: boolean;
  readonly follow?: () => Promise<Page<number> | null>;
}

/** The course of a window whose pages have five items, as a rule. */
export function createCourse({ limits: known, window, byTime = true, follow }: Made = {}) {
  const order = createOrder("GET /v1/calls", 1);
  const span = { from: null, to: 1_000 };
  const asked: object[] = [];
  const parts: WindowsParts<number> = {
    request: "GET /v1/calls",
    place: new Place(null, order),
    order,
    span: byTime ? span : null,
    firstPage: 1,
    perPage: 5,
    ahead: 0,
    room: () => Infinity,
    signal: new AbortController().signal,
    toItem: (value) => ({ value, id: value, time: null }),
    ask: (query) => (asked.push(query), Promise.resolve(pageOf([], {}))),
    follow: follow ?? (() => Promise.resolve(pageOf([], {}))),
  };
  const limits: Limits = { reach: 10_000, size: 5, fixed: false, refusal: null, ...known };
  const course = new Course(parts, { kind: "rest", ...span, start: null, firstPage: 1, ...window }, limits);
  const base = course.next(null)!.base;
  /** A page of the window, joined; of each item its id is its second. */
  const join = (shown: readonly number[], meta: object, at: Partial<Stride> = {}) => {
    const stride = { base, page: 1, size: 5, start: 0, end: 5, ...at };
    const items = shown.map((id) => ({ value: id, id, time: byTime ? id : null }));
    return course.join(stride, pageOf(shown, meta, stride), items)?.map(({ id }) => id) ?? null;
  };
  return { course, limits, order, base, join, asked };
}

export function pageOf(items: readonly number[], meta: object, { page = 1, size = 5 } = {}): Page<number> {
  const turn = () => Promise.resolve(pageOf([], {}));
  return toPage({ items, meta }, "items", { number: page, size, follow: turn, turnTo: turn });
}

export const link = (page: number) => `https://api.example/v1/calls?page=${page}`;
export const nameless = "https://api.example/v1/calls?after=x";
export const more = (total: number, page = 1) => ({ total, next_page_link: link(page + 1) });
export const last = (total: number) => ({ total, next_page_link: null });
