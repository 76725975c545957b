import { makePage } from "../../../example-app/board/page";
import { readView } from "../../../example-app/board/view";
import { openMirror, until } from "../mirror/opened-mirror";

async function openFull() {
  const { mirror, company } = await openMirror({ callsPerDay: 20 });
  await mirror.open(company);
  await until(() => mirror.progress("own").state === "full");
  return { mirror, page: (query = {}) => makePage(mirror, "own", readView(query)) };
}

describe("a view of the board", () => {
  it("is made of the same rows as the one before, for whomever, until something changes", async () => {
    const { mirror, page } = await openFull();
    const [row] = page().rows;
    expect(page({ rows: "45" }).rows[0]).toBe(row);
    expect(page({ q: row!.number! }).rows[0]).toBe(row);

    const at = Math.floor(Date.now() / 1000);
    await mirror.write("own", "takes", { [row!.key]: JSON.stringify({ by: { id: 1, name: "Grace" }, at }) });
    expect(page().rows[0]).toMatchObject({ key: row!.key, take: { by: { name: "Grace" } } });
    await mirror.write("own", "settings", { lines: "[0]" });
    expect(page().rows).toEqual([]);
  });

  it("counts what its filters leave", async () => {
    const { page } = await openFull();
    const { filters, counts, more, rows } = page();
    const [line] = filters.line;
    const chosen = page({ line: String(line!.id) });
    expect(chosen.counts.waiting).toBe(line!.count);
    expect(rows.length + more).toBe(counts.waiting);
    expect(chosen.rows.every(({ missed }) => missed.some((call) => call.line?.id === line!.id))).toBe(true);
  });
});
