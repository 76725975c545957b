import { CompanyLists, type Owned } from "../../../src/grants/stores/company-lists";
import { createClock } from "../../support/grants";

/** Lists over grants of a company each, and how often those were looked through. */
function open(grants: Record<string, Owned>) {
  const clock = createClock();
  let looks = 0;
  const entries = () => ((looks += 1), Object.entries(grants));
  return { clock, grants, lists: new CompanyLists(entries, clock.now), looks: () => looks };
}

const owned = (id: number, app: string | null = null): Owned => ({ app, companies: [`id:${id}`] });

describe("the companies of grants in memory", () => {
  it("end with a page that is full, where no more follow", () => {
    const { lists } = open({ a: owned(1), b: owned(2), c: owned(3), d: owned(4) });
    const first = lists.page(null, null, 2);
    expect(first).toEqual({
      companies: [
        { company: 1, ids: ["a"] },
        { company: 2, ids: ["b"] },
      ],
      cursor: "id:2",
    });
    expect(lists.page(null, first.cursor, 2)).toEqual({
      companies: [
        { company: 3, ids: ["c"] },
        { company: 4, ids: ["d"] },
      ],
      cursor: null,
    });
  });

  it("are put in order once for a walk, until a grant changes or a second has passed", () => {
    const { clock, lists, looks } = open({ a: owned(1), b: owned(2) });
    const walk = () => (lists.page(null, null, 1), lists.page(null, "id:1", 1), lists.idsOf(null, "id:1"));
    walk();
    clock.pass(999);
    walk();
    expect(looks()).toBe(1);
    clock.pass(1);
    walk();
    expect(looks()).toBe(2);
    lists.changed();
    walk();
    expect(looks()).toBe(3);
    lists.page("app", null, 1);
    expect(looks()).toBe(4);
  });

  it("are not those of before for as long as a clock was set back", () => {
    const { clock, grants, lists } = open({ a: owned(1) });
    expect(lists.idsOf(null, "id:1")).toEqual(["a"]);
    clock.pass(-3_600_000);
    delete grants["a"];
    expect(lists.idsOf(null, "id:1")).toEqual([]);
  });

  it("are handed out so that nobody shares them with the list", () => {
    const { lists } = open({ a: owned(1) });
    lists.idsOf(null, "id:1").push("b");
    expect(lists.idsOf(null, "id:1")).toEqual(["a"]);
  });
});
