import { RecordTable } from "../../../src/grants/stores/record-table";
import { createClock } from "../../support/grants";

const lifeMs = 10_000;
const fresh = { version: null, lifeMs };

function open() {
  const clock = createClock();
  const table = new RecordTable(clock.now);
  return { clock, table, marks: table.kind("marks") };
}

describe("records in memory", () => {
  it("are listed in the order of their keys, whenever they came, a page at a time", () => {
    const { marks } = open();
    for (const key of ["d", "a", "c", "b"]) marks.put(key, key, fresh);
    const keysOn = (cursor: string | null, limit: number) => {
      const page = marks.list(cursor, limit);
      return [page.records.map(({ key }) => key), page.cursor];
    };
    expect([keysOn(null, 3), keysOn("c", 3)]).toEqual([
      [["a", "b", "c"], "c"],
      [["d"], null],
    ]);
    expect([keysOn(null, 2), keysOn("b", 2)]).toEqual([
      [["a", "b"], "b"],
      [["c", "d"], null],
    ]);
    marks.put("bb", "", fresh);
    expect(keysOn("b", 2)).toEqual([["bb", "c"], "c"]);
  });

  it("are not listed once they have ended, though they stood there as the walk began", () => {
    const { clock, marks } = open();
    marks.put("a", "", fresh);
    marks.put("b", "", { version: null, lifeMs: 2 * lifeMs });
    marks.list(null, 10);
    clock.pass(lifeMs);
    expect(marks.list(null, 10).records.map(({ key }) => key)).toEqual(["b"]);
  });

  it("are read elsewhere as they stand, with their kind and until they end", () => {
    const { clock, table, marks } = open();
    marks.put("ended", "", fresh);
    const version = marks.put("a", "1", { version: null, lifeMs: 2 * lifeMs })!;
    const other = table.kind("others").put("a", "2", { version: null, lifeMs: 2 * lifeMs })!;
    const endsAt = clock.now() + 2 * lifeMs;
    clock.pass(lifeMs);
    const entries = [...table.entries()];
    expect(entries).toEqual([
      ["marks", "a", { value: "1", version, endsAt }],
      ["others", "a", { value: "2", version: other, endsAt }],
    ]);

    const copy = new RecordTable(clock.now);
    for (const [kind, key, record] of entries) copy.kind(kind).take(key, record);
    expect(copy.kind("marks").get("a")).toEqual({ key: "a", value: "1", version });
    clock.pass(lifeMs);
    expect([...copy.entries()]).toEqual([]);
  });
});
