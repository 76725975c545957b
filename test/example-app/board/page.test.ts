import { makePage } from "../../../example-app/board/page";
import { readView } from "../../../example-app/board/view";
import { answered, calls, outbound } from "./calls";
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

  it("keeps whoever rang in vain on one of its lines, and on another since", async () => {
    const { mirror, page } = await openFull();
    const now = Math.floor(Date.now() / 1000);
    const rang = (id: number, line: number) => ({
      id,
      startedAt: now + id,
      line: { id: line, name: `Line ${line}`, timeZone: null },
    });
    await mirror.put("own", calls(rang(1, 901), rang(2, 902)));
    const shown = async (...lines: number[]) => {
      await mirror.write("own", "settings", { lines: JSON.stringify(lines) });
      return page().rows.map(({ key }) => key);
    };
    expect(await shown(901)).toEqual(["+447700900001"]);
    expect(await shown(902)).toEqual(["+447700900001"]);
    expect(await shown(903)).toEqual([]);

    const archived = [
      { ...rang(1, 901), archived: true },
      { ...rang(2, 902), archived: true },
    ];
    await mirror.put("own", calls(...archived));
    const done = JSON.stringify({ reason: "wrong", by: null, at: now + 3, calls: [1, 2] });
    await mirror.write("own", "done", { "+447700900001": done });
    await shown(901);
    expect(page({ show: "done" }).rows.map(({ key }) => key)).toEqual(["+447700900001"]);
  });

  it("has all calls of a caller who was done at once", async () => {
    const { mirror, page } = await openFull();
    const now = Math.floor(Date.now() / 1000);
    const archived = { archived: true, comments: 1 };
    const voicemail = { ...archived, voicemail: true, id: 1, startedAt: now };
    await mirror.put("own", calls(voicemail, { ...archived, id: 2, startedAt: now + 60 }));
    const found = () => page({ show: "done", q: "7700 900001" }).rows[0]!;
    expect(found()).toMatchObject({ missed: [{ id: 2 }], voicemail: null, comments: 1 });
    const done = { reason: "wrong", by: null, at: now + 90, calls: [1, 2] };
    await mirror.write("own", "done", { [found().key]: JSON.stringify(done) });
    expect(found()).toMatchObject({ missed: [{ id: 1 }, { id: 2 }], voicemail: { id: 1 }, comments: 2 });
  });

  it("tells who was on a caller as somebody else reached them", async () => {
    const { mirror, page } = await openFull();
    const now = Math.floor(Date.now() / 1000);
    await mirror.put(
      "own",
      calls({ id: 1, startedAt: now }, { ...outbound, ...answered, id: 2, startedAt: now + 120 }),
    );
    const found = () => page({ show: "reached", q: "7700 900001" }).rows[0]!;
    const takeAt = (at: number) =>
      mirror.write("own", "takes", { [found().key]: JSON.stringify({ by: { id: 1, name: "Grace" }, at }) });
    await takeAt(now + 60);
    expect(found()).toMatchObject({ take: null, takenBefore: { by: { name: "Grace" } } });
    for (const at of [now - 1, now + 121]) {
      await takeAt(at);
      expect(found().takenBefore).toBeNull();
    }
  });

  it("counts those of the waiting whom somebody is on", async () => {
    const { mirror, page } = await openFull();
    expect(page().taken).toBe(0);
    const at = Math.floor(Date.now() / 1000);
    const take = JSON.stringify({ by: { id: 1, name: "Grace" }, at });
    await mirror.write("own", "takes", { [page().rows[0]!.key]: take, [page({ show: "reached" }).rows[0]!.key]: take });
    expect(page().taken).toBe(1);
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
