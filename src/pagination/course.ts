import { ConnectionError } from "../errors/errors";
import { createChain } from "./chain";
import { goesInCircles, linkedNumber, type Page, totalOf } from "./page";
import type { Item } from "./progress";
import { type Base, nextStride, type Stride } from "./strides";
import type { Ending, Limits, Window, WindowsParts } from "./parts";

/** Which pages a window is read by, and how they join. */
export interface Course<T> {
  /** Items so far. */
  readonly length: number;
  /** Its pages do not overlap. */
  readonly plain: boolean;
  /** The page behind all that were asked for, `last` being the one that has not been joined yet; null where none can be told. */
  next(last: Stride | null): Stride | null;
  load(stride: Stride, signal: AbortSignal): Promise<Page<T>>;
  /** Those of its items that are new; null where something may have slipped between it and the page before. */
  join(stride: Stride, page: Page<T>, items: readonly Item<T>[]): Item<T>[] | null;
  /** Aircall refused that page: nothing can be had from there on. */
  shorten(stride: Stride, error: Error): void;
  /** The last page has come. */
  ending(): Ending;
  /** There is more, but no page to ask for it by. */
  cutShort(): Ending;
}

/** How pages lead on: by a number of ours, which they may overlap by, or by links of their own. */
type Leading = "numbers" | "links";

export function plotCourse<T>(parts: WindowsParts<T>, window: Window, limits: Limits): Course<T> {
  const { request, order } = parts;
  const { from, to, firstPage } = window;
  const chain = createChain(order, (time) => (order.sign === 1 ? { from: time, to } : { from, to: time }));
  const whole: Base = { span: { from, to }, at: -(firstPage - 1) * limits.size };
  const followed = new Set<string>();
  let latest: { readonly stride: Stride; readonly page: Page<T>; readonly full: boolean } | null = null;
  let leading: Leading = "numbers";

  // Beyond the cap goes only what can be had in no other way: Aircall then says why not.
  const splittable = parts.span !== null && window.kind === "rest" && !order.lost;
  const reach = () => (splittable || limits.refusal ? limits.reach : Infinity);
  const isPlain = () => leading === "links" || window.plain === true || limits.fixed;

  function behind(stride: Stride, end: number): Stride | null {
    const page = stride.page + 1;
    if (leading === "numbers" && page * limits.size > reach()) return null;
    return { base: whole, page, size: limits.size, start: end, end: end + limits.size };
  }

  function overlapping(end: number, most: number): Stride | null {
    return nextStride({ whole, shifted: chain.shifted(), end, size: limits.size, reach: most });
  }

  function begin(page: Page<T>, { size, page: number }: Stride): void {
    if (!page.hasNext) return;
    const linked = linkedNumber(page);
    leading = linked === number + 1 || page.meta.next_page_link === null ? "numbers" : "links";
    if (page.items.length === 0 || page.items.length === size) return;
    limits.size = page.items.length;
    limits.fixed ||= page.items.length > size;
    whole.at = -(firstPage - 1) * limits.size;
  }

  function capped(): Ending {
    const ending = { kind: "capped" as const, error: limits.refusal };
    return isPlain() && leading === "numbers" ? { ...ending, trace: chain.trace() } : ending;
  }

  async function followLink(signal: AbortSignal): Promise<Page<T>> {
    const link = latest?.page.meta.next_page_link;
    if (!latest || !link || followed.has(link)) throw goesInCircles(request);
    followed.add(link);
    const page = await parts.follow(latest.page, signal);
    if (!page) throw new ConnectionError(request, "a page that was promised is not there.");
    return page;
  }

  return {
    get length() {
      return chain.length;
    },
    get plain() {
      return isPlain() && leading === "numbers";
    },
    next(last) {
      if (!latest) return last ? null : { base: whole, page: firstPage, size: limits.size, start: 0, end: limits.size };
      const end = last ? last.end : chain.length;
      const promised = chain.total !== null && end < chain.total;
      if (last && (!promised || leading === "links")) return null;
      return isPlain() ? behind(last ?? latest.stride, end) : overlapping(end, reach());
    },
    load({ base, page, size }, signal) {
      if (latest && leading === "links") return followLink(signal);
      return parts.ask({ span: base.span, page, size }, signal);
    },
    join(stride, page, items) {
      if (latest === null) begin(page, stride);
      else if (!isPlain() && page.hasNext && items.length !== stride.size) {
        limits.fixed = true;
        return null;
      }
      if (stride.base !== whole) order.rely();
      const index = leading === "links" ? null : isPlain() ? chain.length - whole.at : (stride.page - 1) * stride.size;
      const how = leading === "links" ? "led" : isPlain() ? "counted" : "overlapping";
      const fresh = chain.join({ items, total: totalOf(page), hasNext: page.hasNext, index, how });
      if (!fresh) return null;
      latest = { stride, page, full: items.length >= limits.size || items.length >= stride.size };
      const linked = linkedNumber(page);
      if (leading === "numbers" && linked !== null && linked <= stride.page) throw goesInCircles(request);
      return fresh;
    },
    shorten({ page, size }, error) {
      limits.refusal = error;
      limits.reach = (Math.ceil((page * size) / limits.size) - 1) * limits.size;
    },
    ending() {
      const missing = (chain.total ?? 0) - chain.length;
      if (missing > 0 && (latest?.full || missing >= limits.size)) return capped();
      const several = latest !== null && latest.stride.page > firstPage;
      const unsure = isPlain() && leading === "numbers" && several;
      if (missing > 0 || unsure) return { kind: "doubtful", trace: chain.trace(), whole: unsure };
      return { kind: "complete" };
    },
    cutShort() {
      const stuck = !isPlain() && overlapping(chain.length, Infinity) === null;
      return stuck ? { kind: "moved", plain: true } : capped();
    },
  };
}
