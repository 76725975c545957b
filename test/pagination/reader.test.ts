import { type Page, toPage } from "../../src/pagination/page";
import { createReader } from "../../src/pagination/prefetch";
import type { Stride } from "../../src/pagination/strides";

const base = { span: { from: null, to: null }, at: 0 };

/** A reader of so many pages, each of which arrives when it is let in. */
function read(pages: number, { ahead = 8, room = Infinity } = {}) {
  const asked: number[] = [];
  const told: (number | null)[] = [];
  const letIn: (() => void)[] = [];
  const budget = { room };
  const reader = createReader<number>({
    ahead,
    room: () => budget.room,
    next(last: Stride | null) {
      told.push(last?.page ?? null);
      const page = (last?.page ?? asked.at(-1) ?? 0) + 1;
      return page > pages ? null : { base, page, size: 1, start: page - 1, end: page };
    },
    load({ page }) {
      asked.push(page);
      return new Promise<Page<number>>((resolve) => (letIn[page] = () => resolve(pageOf(page))));
    },
  });
  const arrive = async (page: number) => {
    letIn[page]!();
    await new Promise(setImmediate);
  };
  return { reader, asked, told, arrive, budget };
}

describe("a reader of pages", () => {
  it("takes them in order, and asks for the next only when it is taken", () => {
    const { reader, asked, told } = read(2);
    expect(reader.take()?.stride.page).toBe(1);
    expect(reader.take()?.stride.page).toBe(2);
    expect([asked, told]).toEqual([
      [1, 2],
      [null, null],
    ]);
    expect(reader.take()).toBeNull();
  });

  it("sends for one at first, then for twice as many each time, each behind the one before", () => {
    const { reader, asked, told } = read(100);
    const after = () => {
      reader.fill();
      reader.take();
      return asked.length;
    };
    expect([1, 2, 3, 4, 5, 6].map(after)).toEqual([1, 3, 6, 11, 12, 13]);
    expect(told.slice(0, 3)).toEqual([null, null, 2]);
  });

  it.each([0, 1, 3])("has no more than %i on their way ahead", (ahead) => {
    const { reader, asked } = read(100, { ahead });
    for (let n = 0; n < 5; n++) reader.fill();
    expect(asked).toHaveLength(ahead);
  });

  it("sends for no more than there is room for, counting those that have not arrived", async () => {
    const { reader, asked, arrive, budget } = read(100, { room: 2 });
    for (let n = 0; n < 5; n++) reader.fill();
    expect(asked).toEqual([1, 2]);
    await arrive(1);
    reader.fill();
    expect(asked).toEqual([1, 2, 3]);
    budget.room = 0;
    reader.fill();
    expect(asked).toHaveLength(3);
  });

  it("sends for no more than can be told", () => {
    const { reader, asked } = read(3);
    for (let n = 0; n < 5; n++) reader.fill();
    expect(asked).toEqual([1, 2, 3]);
  });

  it("leaves what is on its way, and asks anew", () => {
    const { reader, asked } = read(100);
    for (let n = 0; n < 3; n++) reader.fill();
    reader.drop();
    expect([reader.take()?.stride.page, asked.length]).toEqual([5, 5]);
  });

  it("lets a failure come up where its page is taken, and nowhere else", async () => {
    const failing = createReader({
      ahead: 8,
      room: () => Infinity,
      next: (last) => ({ base, page: (last?.page ?? 0) + 1, size: 1, start: 0, end: 1 }),
      load: () => Promise.reject(new Error("it broke")),
    });
    failing.fill();
    failing.fill();
    await new Promise(setImmediate);
    await expect(failing.take()!.arriving).rejects.toThrow("it broke");
  });
});

function pageOf(number: number): Page<number> {
  const nowhere = () => Promise.reject(new Error("nowhere"));
  return toPage({ items: [number] }, "items", { number, follow: nowhere, turnTo: nowhere });
}
