import { ConnectionError } from "../errors/errors";
import { Chain, type Link } from "./chain";
import { endsShort, goesInCircles, linkedNumber, type Page, totalOf } from "./page";
import type { Item } from "./progress";
import { type Base, nextStride, type Stride } from "./strides";
import type { Ending, Limits, Window, WindowsParts } from "./parts";

/** How pages lead on: by a number of ours, which they may overlap by, or by links of their own. */
type Leading = "numbers" | "links";

interface Joined<T> {
  readonly stride: Stride;
  readonly page: Page<T>;
  /** The page held as many items as it could. */
  readonly full: boolean;
}

/** Which pages a window is read by, and how they join. */
export class Course<T> {
  readonly #parts: WindowsParts<T>;
  readonly #window: Window;
  readonly #limits: Limits;
  readonly #chain: Chain;
  readonly #whole: Base;
  /** Beyond the cap goes only what can be had in no other way: Aircall then says why not. */
  readonly #splittable: boolean;
  readonly #followed = new Set<string>();
  #latest: Joined<T> | null = null;
  #leading: Leading = "numbers";

  constructor(parts: WindowsParts<T>, window: Window, limits: Limits) {
    const { order, span } = parts;
    const { from, to, firstPage, kind } = window;
    this.#parts = parts;
    this.#window = window;
    this.#limits = limits;
    this.#chain = new Chain(order, (time) => (order.sign === 1 ? { from: time, to } : { from, to: time }));
    this.#whole = { span: { from, to }, at: -(firstPage - 1) * limits.size };
    this.#splittable = span !== null && kind === "rest" && !order.lost;
  }

  /** Items so far. */
  get length(): number {
    return this.#chain.length;
  }

  /** Its pages do not overlap. */
  get plain(): boolean {
    return this.#isPlain && this.#leading === "numbers";
  }

  /** The page behind all that were asked for, `last` being the one that has not been joined yet; null where none can be told. */
  next(last: Stride | null): Stride | null {
    const latest = this.#latest;
    if (!latest) return last ? null : this.#first();
    const end = last ? last.end : this.length;
    const promised = this.#chain.total !== null && end < this.#chain.total;
    if (last && (!promised || this.#leading === "links")) return null;
    return this.#isPlain ? this.#behind(last ?? latest.stride, end) : this.#overlapping(end, this.#reach);
  }

  load({ base, page, size }: Stride, signal: AbortSignal): Promise<Page<T>> {
    if (this.#latest && this.#leading === "links") return this.#followLink(signal);
    return this.#parts.ask({ span: base.span, page, size }, signal);
  }

  /** Those of its items that are new; null where something may have slipped between it and the page before. */
  join(stride: Stride, page: Page<T>, items: readonly Item<T>[]): Item<T>[] | null {
    const limits = this.#limits;
    if (this.#latest === null) this.#begin(page, stride);
    else if (!this.#isPlain && isOfAnotherSize(page, stride, limits.reach)) {
      limits.fixed = true;
      return null;
    }
    if (stride.base !== this.#whole) this.#parts.order.rely();
    const fresh = this.#chain.join({ items, total: totalOf(page), hasNext: page.hasNext, ...this.#placeOf(stride) });
    if (!fresh) return null;
    const full = items.length >= stride.size || fillsItsPage(page, limits);
    this.#latest = { stride, page, full };
    const linked = linkedNumber(page);
    if (this.#leading === "numbers" && linked !== null && linked <= stride.page) {
      throw goesInCircles(this.#parts.request);
    }
    return fresh;
  }

  /** Aircall refused that page: nothing can be had from there on. */
  shorten({ page, size }: Stride, error: Error): void {
    const limits = this.#limits;
    limits.refusal = error;
    limits.reach = (Math.ceil((page * size) / limits.size) - 1) * limits.size;
  }

  /** The last page has come. */
  ending(): Ending {
    const latest = this.#latest;
    const missing = (this.#chain.total ?? 0) - this.length;
    if (missing > 0 && (latest?.full || missing >= this.#pageLength)) return this.#capped();
    const several = latest !== null && latest.stride.page > this.#window.firstPage;
    const unsure = this.plain && several;
    if (missing > 0 || unsure) return { kind: "doubtful", trace: this.#chain.trace(), whole: unsure };
    return { kind: "complete" };
  }

  /** There is more, but no page to ask for it by. */
  cutShort(): Ending {
    const stuck = !this.#isPlain && this.#overlapping(this.length, Infinity) === null;
    return stuck ? { kind: "moved", plain: true } : this.#capped();
  }

  /** What is missing, and would fill another page, is no miscount. Where pages may end sooner, one as long as the last. */
  get #pageLength(): number {
    const { size } = this.#limits;
    const page = this.#latest?.page;
    return !page?.items.length || endsShort(page) ? size : Math.min(page.items.length, size);
  }

  get #isPlain(): boolean {
    return this.#leading === "links" || this.#window.plain === true || this.#limits.fixed;
  }

  get #reach(): number {
    return this.#splittable || this.#limits.refusal ? this.#limits.reach : Infinity;
  }

  #first(): Stride {
    const { size } = this.#limits;
    return { base: this.#whole, page: this.#window.firstPage, size, start: 0, end: size };
  }

  #behind(stride: Stride, end: number): Stride | null {
    const { size } = this.#limits;
    const page = stride.page + 1;
    if (this.#leading === "numbers" && page * size > this.#reach) return null;
    return { base: this.#whole, page, size, start: end, end: end + size };
  }

  #overlapping(end: number, reach: number): Stride | null {
    return nextStride({ whole: this.#whole, shifted: this.#chain.shifted(), end, size: this.#limits.size, reach });
  }

  #begin(page: Page<T>, { size, page: number }: Stride): void {
    if (!page.hasNext) return;
    const limits = this.#limits;
    const linked = linkedNumber(page);
    this.#leading = linked === number + 1 || page.meta.next_page_link === null ? "numbers" : "links";
    if (page.items.length === 0 || page.items.length === size) return;
    limits.size = page.items.length;
    limits.fixed ||= page.items.length > size;
    this.#whole.at = -(this.#window.firstPage - 1) * limits.size;
  }

  /** Where a page stands in its query, and by what it joins the one before. */
  #placeOf({ page, size }: Stride): Pick<Link, "index" | "how"> {
    if (this.#leading === "links") return { index: null, how: "led" };
    if (this.#isPlain) return { index: this.length - this.#whole.at, how: "counted" };
    return { index: (page - 1) * size, how: "overlapping" };
  }

  #capped(): Ending {
    const ending = { kind: "capped" as const, error: this.#limits.refusal };
    return this.plain ? { ...ending, trace: this.#chain.trace() } : ending;
  }

  async #followLink(signal: AbortSignal): Promise<Page<T>> {
    const { request, follow } = this.#parts;
    const latest = this.#latest?.page;
    const link = latest?.meta.next_page_link;
    if (!latest || !link || this.#followed.has(link)) throw goesInCircles(request);
    this.#followed.add(link);
    const page = await follow(latest, signal);
    if (!page) throw new ConnectionError(request, "a page that was promised is not there.");
    return page;
  }
}

/**
 * The list gives pages of its own size: where this one begins is not where it was asked to. The last of them may seem to
 * fit by chance, but says how large it is, or ends before all that there is; `reach` is where lists may end for good.
 */
function isOfAnotherSize<T>(answer: Page<T>, { page, size }: Stride, reach: number): boolean {
  const { meta, items, hasNext } = answer;
  if (hasNext) return items.length !== size;
  const endsEarly = (page - 1) * size + items.length < (totalOf(answer) ?? 0) && page * size < reach;
  return meta.per_page > size || endsEarly;
}

/** It is as long as it says that pages are. Where it may say nothing, it tells nothing. */
function fillsItsPage<T>({ meta, items }: Page<T>, { fixed }: Limits): boolean {
  return !fixed && meta.per_page > 0 && items.length === meta.per_page;
}
