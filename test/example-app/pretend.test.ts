import { openBoard, openConnected } from "./board";

describe("the board before the simulator", () => {
  it("says that its calls are made up, and lets one be missed", async () => {
    const { browser, simulator } = await openConnected(undefined, { callsPerDay: 0 }, { tellsOfSimulator: true });
    const { text } = await browser.visit("/missed-calls");
    expect(text).toContain("These calls are made up");
    expect(text).toContain(`href="${simulator.url}"`);
    expect(text).toContain("Miss a call now");

    const { status, headers } = await browser.submit("/pretend/missed-call");
    expect([status, headers["location"]]).toEqual([303, "/missed-calls"]);
    expect(simulator.companies.map(({ calls }) => calls.length)).toEqual([1, 0]);
    expect((await browser.visit("/missed-calls")).text).toContain("Somebody rang just now, and nobody picked up.");
  });

  it("says before anybody connects that no account is needed", async () => {
    const { browser } = await openBoard(undefined, {}, { tellsOfSimulator: true });
    expect((await browser.visit("/")).text).toContain("You need no account");
  });

  it("says so when the simulator has gone", async () => {
    const { browser, simulator } = await openConnected(undefined, { callsPerDay: 0 }, { tellsOfSimulator: true });
    await browser.visit("/missed-calls");
    await simulator.close();
    expect((await browser.submit("/pretend/missed-call")).status).toBe(303);
  });
});

describe("the board before Aircall", () => {
  it("speaks of no simulator", async () => {
    const { browser } = await openBoard();
    expect((await browser.visit("/")).text).not.toMatch(/made up:|pretend|no account/);
    expect((await browser.submit("/pretend/missed-call")).status).toBe(404);
  });
});
