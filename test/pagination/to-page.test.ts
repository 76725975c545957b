import {
  linkedNumber,
  type Page,
  readPageNumber,
  readPageSize,
  resolveLink,
  toPage,
  totalOf,
  withPageNumber,
} from "../../src/pagination/page";

interface Asked {
  readonly number?: number;
  readonly size?: number | null;
}

/** The answer as a page, and where it was followed to. */
function pageOf(answer: unknown, { number = 1, size }: Asked = {}) {
  const led: (string | number)[] = [];
  const lead = (to: string | number) => (led.push(to), Promise.resolve(pageOf({}).page));
  const page: Page<unknown> = toPage(answer, "calls", {
    number,
    ...(size !== undefined && { size }),
    follow: lead,
    turnTo: lead,
  });
  return { page, led };
}

const two = [{ id: 1 }, { id: 2 }];
const link = "https://api.example/v1/calls?page=4";

describe("an answer as a page", () => {
  it("says what it says", () => {
    const meta = { count: 7, total: 9, current_page: 3, per_page: 2, next_page_link: link, previous_page_link: "p" };
    const { page } = pageOf({ calls: two, meta }, { number: 1, size: 50 });
    expect(page).toMatchObject({ items: two, meta, hasNext: true });
  });

  it.each<[string, Asked, object]>([
    ["a size was asked for", { number: 3, size: 2 }, { total: 2, current_page: 3, per_page: 2 }],
    ["none was", { number: 3 }, { total: 2, current_page: 3, per_page: 2 }],
    ["more was", { size: 50 }, { total: 2, current_page: 1, per_page: 50 }],
  ])("that says nothing is taken for what was asked for and came, where %s", (_what, asked, meta) => {
    const links = { next_page_link: null, previous_page_link: null };
    expect(pageOf({ calls: two }, asked).page.meta).toEqual({ count: 2, ...meta, ...links });
  });

  it.each([
    ["9", 9],
    ["123456789012345", 123_456_789_012_345],
    ["1234567890123456", 2],
    ["x9", 2],
    ["9x", 2],
    ["", 2],
    [null, 2],
    [[9], 2],
  ])("reads a total of %j as %i", (total, read) => {
    expect(pageOf({ calls: two, meta: { total } }).page.meta.total).toBe(read);
  });

  it.each(["", 7, null, undefined])("takes %j for no link", (next_page_link) => {
    const meta = { total: 9, per_page: 2, next_page_link, previous_page_link: next_page_link };
    const { page } = pageOf({ calls: two, meta });
    expect(page.meta).toMatchObject({ next_page_link: null, previous_page_link: null });
  });

  it.each<[string, object, Asked, (string | number)[]]>([
    ["by its link", { next_page_link: link, total: 2 }, {}, [link]],
    ["nowhere by a link that is none", { next_page_link: null, total: 9, per_page: 2 }, {}, []],
    ["by number where its total has more", { total: 5, per_page: 2 }, { number: 2 }, [3]],
    ["nowhere where its total has no more", { total: 4, per_page: 2 }, { number: 2 }, []],
    ["by the size that was asked for", { total: 5 }, { number: 1, size: 4 }, [2]],
    ["by how many came", { total: 5 }, { number: 2 }, [3]],
    ["by its own size rather than what was asked for", { total: 5, per_page: 2 }, { number: 2, size: 50 }, [3]],
    ["nowhere where its own size leaves no more", { total: 9, per_page: 5 }, { number: 2 }, []],
    ["by number where it is full and has no total", {}, { size: 2 }, [2]],
    ["nowhere where it is not full and has no total", {}, { size: 3 }, []],
    ["nowhere where nothing tells", {}, {}, []],
  ])("leads on %s", async (_how, meta, asked, to) => {
    const { page, led } = pageOf({ calls: two, meta }, asked);
    expect(page.hasNext).toBe(to.length > 0);
    expect(await page.next()).toEqual(to.length > 0 ? expect.anything() : null);
    expect(led).toEqual(to);
  });

  it("leads nowhere without items, whatever its total", () => {
    expect(pageOf({ calls: [], meta: { total: 9, per_page: 2 } }).page.hasNext).toBe(false);
  });

  it.each([null, "text", [two], { calls: { id: 1 } }, { meta: null }, { calls: [], meta: "x" }])(
    "is empty where it is %j",
    (answer) => {
      expect(pageOf(answer).page).toMatchObject({ items: [], hasNext: false, meta: { count: 0, total: 0 } });
    },
  );

  it.each([
    ["its total", { total: 9 }, 9],
    ["what came, where that is the last of it", { total: 2, next_page_link: null }, 2],
    ["nothing, where its total is what came and there is more", { total: 2, next_page_link: link }, null],
    ["nothing, where its total is less than came and there is more", { total: 1, next_page_link: link }, null],
  ])("says how many there are by %s", (_what, meta, total) => {
    expect(totalOf(pageOf({ calls: two, meta }).page)).toBe(total);
  });
});

describe("the link of a page", () => {
  it.each([
    ["https://api.example/v1/calls?page=7&per_page=20", 7, 20],
    ["https://api.example/v1/calls?page=123456789&per_page=123456789", 123_456_789, 123_456_789],
    ["https://api.example/v1/calls?page=1234567890&per_page=1234567890", null, null],
    ["https://api.example/v1/calls?page=x7&per_page=x20", null, null],
    ["https://api.example/v1/calls?page=7x&per_page=20x", null, null],
    ["https://api.example/v1/calls?page=&per_page=", null, null],
    ["https://api.example/v1/calls", null, null],
    ["/v1/calls?page=7&per_page=20", null, null],
  ])("%s is that of page %p, of %p items", (url, number, size) => {
    expect([readPageNumber(url), readPageSize(url)]).toEqual([number, size]);
    expect(linkedNumber(pageOf({ meta: { next_page_link: url } }).page)).toBe(number);
  });

  it("of the last is that of no page", () => {
    expect(linkedNumber(pageOf({}).page)).toBeNull();
  });

  it("can be given another number", () => {
    expect(withPageNumber("https://api.example/v1/calls?page=7&order=asc", 8)).toBe(
      "https://api.example/v1/calls?page=8&order=asc",
    );
  });

  const home = { apiUrl: "https://api.example/below", from: "https://api.example/below/v1", request: "GET /v1/calls" };

  it.each([
    ["https://api.example/below/v1?page=2", "https://api.example/below/v1?page=2"],
    ["https://api.example/below/v1?page=2#part", "https://api.example/below/v1?page=2"],
    ["https://api.example/below/v1#part", "one that was read before"],
    ["https://api.example/below", "another origin or path"],
    ["https://api.example/above/below/v1", "another origin or path"],
    ["https://name@api.example/below/v1", "another origin or path"],
    ["https://:word@api.example/below/v1", "another origin or path"],
    ["https://other.example/below/v1", "another origin or path"],
    ["none", "another origin or path"],
  ])("%s leads to %s", (url, to) => {
    const resolve = () => resolveLink(url, home);
    if (to.startsWith("https:")) expect(resolve()).toBe(to);
    else expect(resolve).toThrow(to);
  });

  it("leads anywhere below an API without a path", () => {
    const whole = { ...home, apiUrl: "https://api.example/" };
    expect(resolveLink("https://api.example/v2", whole)).toBe("https://api.example/v2");
  });
});
