import { findCallers, type Caller } from "../../../example-app/board/callers";
import type { Row } from "../../../example-app/board/page";
import { rowWords } from "../../../example-app/board/row-words";
import { idsOf, tabOf } from "../../../example-app/board/view";
import type { MirroredCall } from "../../../example-app/mirror/mirrored-call";
import { answered, calls, outbound } from "./calls";

const noon = Date.UTC(2026, 10, 30, 12) / 1000;
const agent = { id: 7, name: "Grace Okafor" };
const newYork = { id: 2, name: "US line", timeZone: "America/New_York" };

/** The words of the one caller of these calls, at 13:00 in London, on a board of London. */
function wordsOf(...parts: Partial<MirroredCall>[]) {
  return wordsOfRow({}, ...parts);
}

function wordsOfRow(more: Partial<Row>, ...parts: Partial<MirroredCall>[]) {
  const [caller] = findCallers(calls(...parts.map((part) => ({ startedAt: noon, ...part }))));
  const row = {
    ...caller!,
    tab: tabOf(caller!),
    take: null,
    takenBefore: null,
    doneBy: null,
    ids: idsOf(caller!, null),
    overdueAt: limitOf(caller!),
    ...more,
  };
  return rowWords(row, "Europe/London", (noon + 3_600) * 1000);
}

function limitOf({ missed }: Caller): number {
  return missed[0].startedAt + 3_600;
}

describe("what a row of the board says", () => {
  it("is in the time of its own line, and says where that is when it is elsewhere", () => {
    expect(wordsOf({}).when).toMatch(/12:00$/);
    expect(wordsOf({ line: newYork }).when).toMatch(/07:00 New York$/);
  });

  it("names the line that was rung first, in its time, and the other when the latest was on another", () => {
    const twice = wordsOf({ startedAt: noon - 3_600, line: newYork }, {});
    expect(twice).toMatchObject({ line: "US line" });
    expect(twice.when).toMatch(/06:00 New York$/);
    expect(twice.attempts).toMatch(/^Rang twice, last .*12:00 on Sales$/);
    const back = wordsOf({ startedAt: noon - 3_600 }, { line: newYork }, { line: newYork });
    expect(back.when).toMatch(/11:00$/);
    expect(back.attempts).toMatch(/^Rang 3 times, last .*07:00 New York on US line$/);
    expect(wordsOf({ line: newYork }, { ...outbound, agent }).outcome).toMatch(/12:00 by Grace Okafor, no answer$/);
  });

  it("is overdue only after the limit", () => {
    expect(wordsOf({})).toMatchObject({ age: "1 h", overdue: false, attempts: "" });
    const twice = wordsOf({ startedAt: noon - 60 }, {});
    expect(twice).toMatchObject({ age: "1 h 1 min", overdue: true, attempts: "Rang twice, last at 12:00" });
  });

  it("says a moment as one does within a sentence, and of which day the last attempt was", () => {
    const today = Math.floor(Date.now() / 1000);
    expect(wordsOf({ startedAt: today - 3 * 86_400 }, { startedAt: today }).attempts).toMatch(/, last today \d/);
    const yesterday = wordsOf({ startedAt: today - 3 * 86_400 }, { startedAt: today - 86_400 });
    expect(yesterday.attempts).toMatch(/, last yesterday \d/);
    expect(wordsOf({ startedAt: today - 60 }, { ...outbound, startedAt: today }).outcome).toMatch(/^Tried at \d/);
  });

  it("tells who tried in vain, and who reached them, when", () => {
    expect(wordsOf({}, { ...outbound, agent }).outcome).toMatch(/^Tried .*12:00 by Grace Okafor, no answer$/);
    expect(wordsOf({}, { ...outbound, ...answered, agent }).outcome).toMatch(/^Called back .*12:00 · Grace Okafor$/);
    expect(wordsOf({}, { ...answered, agent }).outcome).toMatch(/^Rang again and got through .*12:00 · Grace Okafor$/);
  });

  it("tells who was on a caller whom somebody else reached", () => {
    const takenBefore = (id: number) => ({ takenBefore: { by: { id, name: "Ben Ali" }, at: noon } });
    const reached = [{}, { ...outbound, ...answered, agent }];
    expect(wordsOfRow(takenBefore(8), ...reached).outcome).toMatch(/12:00 · Grace Okafor, was with Ben Ali$/);
    expect(wordsOfRow(takenBefore(7), ...reached).outcome).toMatch(/12:00 · Grace Okafor$/);
  });

  it("says of who is on a caller whether they have called", () => {
    const take = { take: { by: agent, at: noon + 60 } };
    const callsOf = (...theirs: Partial<MirroredCall>[]) => wordsOfRow(take, {}, ...theirs).taken?.calls;
    expect(callsOf()).toBe("not called yet");
    expect(callsOf({ ...outbound, startedAt: noon + 30 })).toBe("not called yet");
    expect(callsOf({ ...outbound, startedAt: noon + 70, status: "initial" })).toBe("calling now");
    expect(callsOf({ ...outbound, startedAt: noon + 70 })).toBe("");
  });

  it("names who is known, and says so where a number was withheld", () => {
    expect(wordsOf({ name: "Martin Pell" })).toMatchObject({ name: "Martin Pell", digits: "+44 7700 900001" });
    expect(wordsOf({ number: null, digits: null })).toMatchObject({ name: "Number withheld", digits: null });
  });
});
