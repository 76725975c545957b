import { encodeGrant } from "../../../src/grants/grant";
import { GrantTable } from "../../../src/grants/stores/grant-table";
import { createClock, newGrant } from "../../support/grants";

const lifeMs = 10_000;
const unknown = "a".repeat(32);

function open() {
  const clock = createClock();
  return { clock, table: new GrantTable({ maxGrants: 10, now: clock.now }) };
}

describe("grants in memory", () => {
  it("are read elsewhere as they stand, with the links that somebody has", () => {
    const { clock, table } = open();
    const [at, text] = [clock.now(), encodeGrant({ ...newGrant(), version: 1 })];
    const id = table.create(newGrant(), lifeMs);
    const own = table.create(newGrant(), lifeMs, "a");
    const longer = { text, endsAt: at + 6 * lifeMs };
    for (const each of [id, own]) table.prolong(each, 3 * lifeMs);
    expect([...table.entries()]).toEqual([
      [id, { ...longer, links: new Map(), app: null, companies: ["id:7"] }],
      [own, { ...longer, links: new Map([["a", at + 2 * lifeMs]]), app: null, companies: ["id:7"] }],
    ]);

    const other = new GrantTable({ maxGrants: 10, now: clock.now });
    for (const [each, kept] of table.entries()) other.put(each, kept);
    expect([other.get(id), other.get(own, "a"), other.idsOf(null, 7)]).toMatchObject([{}, {}, [id, own]]);
  });

  it("forget their links when those end, not only as they are asked for", () => {
    const { clock, table } = open();
    const id = table.create(newGrant(), 3 * lifeMs, "a");
    table.link(id, "b", lifeMs);
    clock.pass(2 * lifeMs - 1);
    expect(table.get(id, "b")).not.toBeNull();
    clock.pass(1);
    expect([table.get(id, "b"), table.link(id, "c", lifeMs, "b")]).toEqual([null, false]);
    table.link(id, "d", lifeMs);
    const [[, { links }] = [null, { links: new Map<string, number>() }]] = table.entries();
    expect([...links.keys()]).toEqual(["a", "d"]);
  });

  it("that cannot be read are none, and are written by nobody", () => {
    const { clock, table } = open();
    table.put(unknown, { text: "{}", links: new Map(), endsAt: clock.now() + lifeMs });
    expect([table.get(unknown), table.replace(unknown, 1, newGrant()), table.idsOf(null, 7)]).toEqual([
      null,
      false,
      [],
    ]);
    expect(table.companies(null, null, 10).companies).toEqual([]);
  });

  it("lose no link where there is no grant", () => {
    const { table } = open();
    expect(() => table.unlink(unknown, "a")).not.toThrow();
  });
});
