import { findCallers } from "../../../example-app/board/callers";
import { readView, tabOf } from "../../../example-app/board/view";
import { answered, calls, outbound } from "./calls";

const agent = { id: 7, name: "Grace Okafor" };

describe("what became of somebody who rang in vain", () => {
  it.each([
    ["waiting, who rang once", [{}], "waiting"],
    ["tried, who did not pick up when they were called back", [{}, outbound], "tried"],
    ["reached, who picked up when they were called back", [{}, { ...outbound, ...answered }], "reached"],
    ["reached, who got through later", [{}, answered], "reached"],
    ["waiting, who rang again after having been tried", [{}, outbound, {}], "waiting"],
    ["waiting, who rang again after having been reached", [{}, answered, {}], "waiting"],
    ["waiting, who was called before ringing in vain", [outbound, {}], "waiting"],
    ["waiting, who rings right now", [{}, { status: "initial" }], "waiting"],
    ["waiting, while the call back rings", [{}, { ...outbound, status: "initial" }], "waiting"],
    ["done, whose latest call was archived", [{}, { archived: true }], "done"],
    ["waiting, who rang again after having been done", [{ archived: true }, {}], "waiting"],
  ] as const)("is %s", (_what, theirs, state) => {
    expect(findCallers(calls(...theirs)).map((caller) => caller.state)).toEqual([state]);
  });

  it("leaves out those who were always answered", () => {
    expect(findCallers(calls(answered, { ...outbound, ...answered }))).toEqual([]);
  });

  it("puts first who has waited longest, from the first call that nobody has made up for", () => {
    const other = { number: "+12125550104" };
    const found = findCallers(calls({}, answered, other, {}, other));
    expect(found.map(({ number, missed }) => [number, missed.map(({ id }) => id)])).toEqual([
      ["+12125550104", [3, 5]],
      ["+447700900001", [4]],
    ]);
  });

  it("keeps those who withheld their number apart, one by one", () => {
    const withheld = { number: null, digits: null };
    const found = findCallers(calls(withheld, { ...withheld, ...answered }, withheld));
    expect(found.map((caller) => [caller.key, tabOf(caller)])).toEqual([
      ["call:1", "withheld"],
      ["call:3", "withheld"],
    ]);
  });

  it("tells who had to do with it, how often it was tried, and of voicemails and comments", () => {
    const [caller] = findCallers(
      calls({ voicemail: true, comments: 2 }, { comments: 1 }, { ...outbound, agent }, outbound),
    );
    expect(caller).toMatchObject({ comments: 3, agents: [agent], voicemail: { id: 1 }, latest: { id: 2 } });
    expect(caller?.tries.map(({ id }) => id)).toEqual([3, 4]);
  });

  it("tells whether somebody calls them back right now", () => {
    const calling = (...theirs: Parameters<typeof calls>) => findCallers(calls({}, ...theirs))[0]!.calling;
    expect(calling({ ...outbound, status: "initial" })).toBe(true);
    expect(calling(outbound)).toBe(false);
    expect(calling({ status: "initial" })).toBe(false);
    expect(calling({ ...outbound, ...answered, status: "answered" })).toBe(false);
  });

  it("is found once for a list of calls that has not changed", () => {
    const list = calls({});
    expect(findCallers(list)).toBe(findCallers(list));
  });
});

describe("a view of the board", () => {
  it("is read from an address, and what is none is left out", () => {
    const query = { show: "tried", line: "3", team: "x", agent: ["1"], q: "  Pell ", rows: "9999999" };
    expect(readView(query)).toEqual({ show: "tried", line: 3, team: null, agent: null, search: "Pell", rows: 500 });
  });
});
