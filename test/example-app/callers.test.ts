import type { Call } from "express-aircall";
import { findCallers, isWaiting, numberOf } from "../../example-app/callers";

const missed = { direction: "inbound", status: "done", answered_at: null };
const answered = { ...missed, answered_at: 1 };
const outbound = { direction: "outbound", status: "done", answered_at: null };

/** Calls in the order given, a minute apart. */
function calls(...parts: Partial<Call>[]): Call[] {
  return parts.map((part, id) => ({ id, raw_digits: "+44 7700 900001", started_at: id * 60, ...part }) as Call);
}

describe("who is waiting on the board", () => {
  it.each([
    ["rang once", [missed], true],
    ["was called back", [missed, outbound], false],
    ["got through later", [missed, answered], false],
    ["rang again after being called back", [missed, outbound, missed], true],
    ["was called before ringing in vain", [outbound, missed], true],
    ["rings right now", [missed, { ...missed, status: "initial" }], true],
  ])("is told of somebody who %s", (_what, theirs, waiting) => {
    expect(findCallers(calls(...theirs)).map(isWaiting)).toEqual([waiting]);
  });

  it("leaves out those who were always answered", () => {
    expect(findCallers(calls(answered, outbound))).toEqual([]);
  });

  it("takes differently written numbers for one caller, and puts the latest caller first", () => {
    const found = findCallers(
      calls(
        { ...missed, raw_digits: "+44 7700 900001" },
        { ...missed, raw_digits: "+1 212-555-0104" },
        { ...missed, raw_digits: "+447700900001" },
      ),
    );
    expect(found.map(({ number, missed }) => [number, missed.map(({ id }) => id)])).toEqual([
      ["+447700900001", [2, 0]],
      ["+12125550104", [1]],
    ]);
  });

  it("counts nobody who withheld the number, because nobody can call back", () => {
    const [caller] = findCallers(calls({ ...missed, raw_digits: "anonymous" }));
    expect(caller && { number: caller.number, waiting: isWaiting(caller) }).toEqual({ number: null, waiting: false });
  });

  it("does not take another caller without a number for the same one getting through", () => {
    const withheld = { raw_digits: "anonymous" };
    expect(findCallers(calls({ ...missed, ...withheld }, { ...answered, ...withheld }))[0]?.reply).toBeNull();
  });

  it("dials in E.164", () => {
    expect(calls({ raw_digits: "+1 212-555-0104" }).map(numberOf)).toEqual(["+12125550104"]);
  });
});
