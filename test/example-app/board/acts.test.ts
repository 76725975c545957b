import { openBoard, readBoard, settledBoard, type OpenBoard } from "../board";

const basic = { callsPerDay: 20 };

/** A board whose week is there, and the first caller on it. */
async function openFull() {
  const board = await openBoard((simulator) => simulator.basic, basic);
  const text = await readBoard(board);
  const caller = /name="caller" value="(\+\d+)"/.exec(text)?.[1] ?? "";
  const agents = board.simulator.companies[0].users.filter(({ available }) => available);
  return { ...board, caller, agents };
}

function send({ browser }: Pick<OpenBoard, "browser">, act: string, fields: object) {
  return browser.submit(`/board/${act}`).type("form").send(fields);
}

describe("taking a caller", () => {
  it("asks who it is once, and shows the name to everybody until they are released", async () => {
    const board = await openFull();
    const { caller, agents } = board;
    const asked = await send(board, "take", { caller });
    expect([asked.status, asked.text.includes("Who are you?")]).toEqual([200, true]);
    const { status, headers } = await send(board, "take", {
      caller,
      agent: agents[0]!.id,
      me: 1,
      view: "/missed-calls?q=1",
    });
    expect([status, headers["location"]]).toEqual([303, "/missed-calls?q=1"]);
    expect(await readBoard(board)).toContain(`With ${agents[0]!.name} since`);

    await send(board, "release", { caller });
    expect(await readBoard(board)).not.toContain(`With ${agents[0]!.name} since`);
    expect((await send(board, "take", { caller })).status).toBe(303);
  });

  it("names nobody for whom who looks has not chosen, and forgets whom they chose", async () => {
    const board = await openFull();
    const { caller, agents } = board;
    expect((await send(board, "take", { caller })).text).toMatch(/<select [^>]*required>\s*<option value="">Choose/);
    await send(board, "take", { caller, agent: agents[0]!.id, me: 1 });
    expect(await readBoard(board)).toContain(`${agents[0]!.name} (you)`);
    await send(board, "not-me", {});
    expect(await readBoard(board)).not.toContain("(you)");
    expect((await send(board, "take", { caller })).text).toContain("Who are you?");
  });

  it("says whose dialer may still have a number that is released", async () => {
    const board = await openFull();
    const { caller, agents } = board;
    await send(board, "take", { caller, agent: agents[0]!.id });
    await send(board, "release", { caller });
    const said = `is with nobody now, but may still be in ${agents[0]!.name}’s dialer.`;
    expect(await readBoard(board)).toContain(said);
    await send(board, "release", { caller });
    expect(await readBoard(board)).not.toContain(said);
  });

  it("goes back to no other site", async () => {
    const board = await openFull();
    const { caller } = board;
    const { headers } = await send(board, "release", { caller, view: "//evil.example" });
    expect(headers["location"]).toBe("/missed-calls");
  });
});

describe("calling back from the row", () => {
  it("takes one click once the browser knows who it is, and takes the caller", async () => {
    const board = await openFull();
    const { caller, agents, simulator } = board;
    expect((await send(board, "call-back", { caller })).text).toContain("back?</h1>");
    await send(board, "call-back", { caller, agent: agents[0]!.id, me: 1 });
    await send(board, "release", { caller });
    const { status } = await send(board, "call-back", { caller });
    expect([status, simulator.dials.map(({ to, userId }) => [to, userId])]).toEqual([
      303,
      [
        [caller, agents[0]!.id],
        [caller, agents[0]!.id],
      ],
    ]);
    const text = await readBoard(board);
    expect(text).toContain("is in your dialer, ready to call.");
    expect(text).toContain(`With ${agents[0]!.name} since`);
  });

  it("warns who would be the second, and lets them at the second click", async () => {
    const board = await openFull();
    const { caller, agents, simulator } = board;
    const [one, other] = [agents[0]!, agents[1]!];
    await send(board, "call-back", { caller, agent: one.id });
    const warned = await send(board, "call-back", { caller, agent: other.id });
    expect([warned.status, simulator.dials.length]).toEqual([409, 1]);
    expect(warned.text).toContain(`Already with ${one.name}`);
    await send(board, "call-back", { caller, agent: other.id, anyway: 1 });
    expect(simulator.dials.map(({ userId }) => userId)).toEqual([one.id, other.id]);
    expect(await readBoard(board)).toContain(`With ${other.name} since`);
  });

  it("is offered to others first where somebody else is to call, and to nobody who is away", async () => {
    const board = await openFull();
    const { caller, agents, simulator } = board;
    await send(board, "take", { caller, agent: agents[0]!.id, me: 1 });
    const { text } = await send(board, "choose", { caller });
    const offered = [...text.matchAll(/<option value="(\d+)"( disabled)?>/g)];
    const away = simulator.companies[0].users.filter(({ available }) => !available).map(({ id }) => String(id));
    expect(
      offered
        .filter(([, , disabled]) => disabled)
        .map(([, id]) => id)
        .sort(),
    ).toEqual(away.sort());
    expect(offered[0]![1]).not.toBe(String(agents[0]!.id));
    expect(offered.at(-1)![1]).toBe(String(agents[0]!.id));
  });

  it("is offered to nobody, and says so, while everybody is away", async () => {
    const board = await openBoard((simulator) => {
      for (const user of simulator.companies[0].users)
        Object.assign(user, { available: false, availability_status: "unavailable" });
      return simulator.basic;
    }, basic);
    const caller = /name="caller" value="(\+\d+)"/.exec(await readBoard(board))?.[1] ?? "";
    const { text } = await send(board, "call-back", { caller });
    expect(text).toContain("Everybody is away right now");
    expect(text).not.toContain("Send to their dialer");
    expect((await send(board, "take", { caller })).text).toContain("Choose your name");
  });

  it("rings one dialer only when two send at once", async () => {
    const board = await openFull();
    const { caller, agents, simulator } = board;
    const both = agents.slice(0, 2).map(({ id }) => send(board, "call-back", { caller, agent: id }));
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(simulator.dials).toHaveLength(1);
  });

  it("asks for somebody else when that agent cannot take a call, and takes nobody", async () => {
    const board = await openFull();
    const { caller, simulator } = board;
    const away = simulator.companies[0].users.find(({ available }) => !available)!;
    const { status, text } = await send(board, "call-back", { caller, agent: away.id });
    expect([status, text.includes("cannot take a call right now")]).toEqual([409, true]);
    expect(await readBoard(board)).not.toContain("With ");
  });
});

describe("done, no call needed", () => {
  it("archives the calls at Aircall with a reason on the board, and can be undone", async () => {
    const board = await openFull();
    const { caller, simulator } = board;
    await send(board, "done/wrong", { caller });
    const theirs = () =>
      simulator.companies[0].calls.filter(({ raw_digits: digits }) => `+${digits.replace(/\D/g, "")}` === caller);
    expect(theirs().at(-1)?.archived).toBe(true);
    expect(await readBoard(board)).not.toContain(`value="${caller}"`);
    expect(await readBoard(board, "/missed-calls?show=done")).toContain("Wrong number");

    await send(board, "undo", { caller });
    expect(theirs().at(-1)?.archived).toBe(false);
    expect(await readBoard(board)).toContain(`value="${caller}"`);
  });

  it("takes no reason that there is not, and no caller who is not there", async () => {
    const board = await openFull();
    expect((await send(board, "done/nothing", { caller: board.caller })).status).toBe(404);
    expect((await send(board, "take", { caller: "+10000000" })).status).toBe(303);
    expect(await readBoard(board)).toContain("on the board no longer");
  });
});

describe("filters and search", () => {
  it("leave those of one line, team or agent, or of a name or number, and count them", async () => {
    const board = await openFull();
    const text = await readBoard(board);
    const [, line, count] = /<select id="by-line"[\s\S]*?<option value="(\d+)">[^<]*\((\d+)\)/.exec(text) ?? [];
    const rowsOf = (page: string) => [...page.matchAll(/<li class="caller/g)].length;
    expect(rowsOf(await readBoard(board, `/missed-calls?line=${line}`))).toBe(Number(count));
    expect(rowsOf(await readBoard(board, `/missed-calls?q=${encodeURIComponent(board.caller.slice(4))}`))).toBe(1);
    expect(await readBoard(board, "/missed-calls?q=nobody-of-this-name")).toContain("Nobody found");
  });
});

describe("a view of the board", () => {
  it("costs no request to Aircall", async () => {
    const board = await openFull();
    await settledBoard(board);
    const before = board.simulator.requests.length;
    for (const path of ["/missed-calls", "/missed-calls?show=reached", "/missed-calls?q=1&rows=100"])
      await readBoard(board, path);
    expect(board.simulator.requests.length).toBe(before);
  });
});
