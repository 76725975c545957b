import { aircallAuth, memoryGrants } from "express-aircall";
import type { Simulator } from "express-aircall/simulator";
import { createBrowser, pathOf } from "../../support/browser/browser";
import { openBoard, openConnected, readBoard, type OpenBoard } from "../board";

const basic = (simulator: Simulator) => simulator.basic;

async function connectSecond({ browser, simulator }: Pick<OpenBoard, "browser" | "simulator">): Promise<void> {
  const companyId = simulator.companies[1].id;
  const { headers } = await browser.visit("/auth/aircall?add=1&return_to=%2Fsettings");
  await browser.visit(pathOf(simulator.consent(String(headers["location"]), { companyId })));
}

describe("the settings of a company", () => {
  it("are saved for everybody, and what cannot be meant is said and kept in its form", async () => {
    const { browser } = await openBoard(basic);
    const refused = await browser
      .submit("/settings")
      .type("form")
      .send({ overdueMinutes: "soon", line: ["1"] });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("A whole number from 1 to 10080.");
    expect(refused.text).toContain('value="soon"');

    const { text } = await browser.visit("/settings");
    const line = [...text.matchAll(/name="line" value="(\d+)"/g)].map(([, id]) => id);
    const form = browser.submit("/settings").type("form");
    expect((await form.send({ overdueMinutes: "15", line, hours: "aircall" })).status).toBe(303);
    const saved = await browser.visit("/settings");
    expect(saved.text).toContain("The settings are saved");
    expect(saved.text).toContain('name="overdueMinutes" inputmode="numeric" required value="15"');
  });

  it("leave lines that are not on the board out of the day", async () => {
    const { browser } = await openBoard(basic);
    const { text } = await browser.visit("/settings");
    const [, id, name] = /name="line" value="(\d+)" checked> ([^<]+)<\/label>/.exec(text) ?? [];
    await browser.submit("/settings").type("form").send({ overdueMinutes: "15", line: id });
    const { text: csv } = await browser.visit("/glance/lines.csv?day=week");
    const named = csv.trim().split("\r\n").slice(1);
    expect(named.every((row) => row.startsWith(`${name},`))).toBe(true);
  });

  it("take no form of another site", async () => {
    const { browser } = await openBoard(basic);
    for (const path of ["/settings", "/settings/disconnect", "/settings/company"]) {
      const { status } = await browser.agent
        .post(path)
        .set("Sec-Fetch-Site", "cross-site")
        .type("form")
        .send({ sure: 1 });
      expect(status).toBe(403);
    }
  });
});

describe("companies", () => {
  it("are named with how, since when and by whom they connected: those of this browser, and no others", async () => {
    const grants = memoryGrants();
    const board = await openConnected(undefined, {}, { grants });
    const [first, second] = board.simulator.companies;
    await connectSecond({ ...board, browser: createBrowser(board.origin) });
    const { text } = await board.browser.visit("/settings");
    expect(text).toContain(`<strong>${first.name}</strong> – on this board`);
    expect(text).toMatch(/By signing in at Aircall, since \d+ \w+ \d{4}, by [\w ]+; works/);
    expect(text).not.toContain(second.name);
  });

  it("are looked at one at a time, whichever was chosen", async () => {
    const board = await openConnected();
    await connectSecond(board);
    const [first, second] = board.simulator.companies;
    const shown = async () => /<span class="company">([^<]*)/.exec((await board.browser.visit("/glance")).text)?.[1];
    expect(await shown()).toBe(second.name);
    await board.browser.submit("/settings/company").type("form").send({ company: first.id });
    expect(await shown()).toBe(first.name);
    const call = first.calls.at(-1)!;
    expect((await board.browser.visit(`/calls/${call.id}`)).status).toBe(200);
    await board.browser.submit("/settings/company").type("form").send({ company: 12345 });
    expect(await shown()).toBe(first.name);
    await readBoard(board);
    const missed = first.calls.findLast(
      ({ missed_call_reason, raw_digits }) => missed_call_reason && raw_digits.startsWith("+"),
    )!;
    const caller = missed.raw_digits.replace(/[^+\d]/g, "");
    await board.browser.submit("/board/done/solved").type("form").send({ caller });
    expect(missed.archived).toBe(true);
  });

  it("are not disconnected by a slip, and then for everybody", async () => {
    const board = await openConnected();
    const [company] = board.simulator.companies;
    const slip = await board.browser.submit("/settings/disconnect").type("form").send({});
    expect([slip.status, slip.text.includes("Tick the box if you are sure.")]).toEqual([400, true]);
    expect((await board.browser.visit("/glance")).status).toBe(200);

    const { status, headers } = await board.browser.submit("/settings/disconnect").type("form").send({ sure: "1" });
    expect([status, headers["location"]]).toEqual([303, "/"]);
    expect((await board.browser.visit("/")).text).toContain(`${company.name} is disconnected.`);
    expect((await board.browser.visit("/glance")).headers["location"]).toMatch(/^\/auth\/aircall\?/);
  });

  it("stay connected when somebody signs out", async () => {
    const grants = memoryGrants();
    const board = await openConnected(undefined, {}, { grants });
    await board.browser.submit("/auth/aircall/logout");
    expect((await board.browser.visit("/glance")).headers["location"]).toMatch(/^\/auth\/aircall\?/);
    const operator = aircallAuth({ ...board.simulator.oauth, callbackUrl: board.origin, grants, hold: "company" });
    const names: unknown[] = [];
    for await (const { name } of operator.companies()) names.push(name);
    expect(names).toEqual([board.simulator.companies[0].name]);
  });

  it("with the board's own key are nobody's to disconnect", async () => {
    const { browser } = await openBoard(basic);
    const { text } = await browser.visit("/settings");
    expect(text).toContain("by a key that belongs to this board itself");
    expect(text).not.toMatch(/Sign out|I want that/);
  });
});

describe("who comes back to a company that is no longer connected", () => {
  it("is told so before they go on to Aircall, once, and comes to the page they wanted", async () => {
    const grants = memoryGrants();
    const board = await openConnected(undefined, {}, { grants });
    const [company] = board.simulator.companies;
    await board.browser.visit("/glance");
    const colleague = aircallAuth({ ...board.simulator.oauth, callbackUrl: board.origin, grants, hold: "company" });
    await colleague.disconnectCompany(company.id);

    const sent = await board.browser.visit("/glance");
    const told = await board.browser.visit(String(sent.headers["location"]));
    expect(told.text).toContain(`${company.name} is no longer connected`);
    const [, again] = /href="(\/auth\/aircall[^"]*)">Connect again/.exec(told.text) ?? [];
    const { headers } = await board.browser.visit(String(again));
    const back = await board.browser.visit(pathOf(board.simulator.consent(String(headers["location"]))));
    expect(back.headers["location"]).toBe(`${board.origin}/glance`);
  });
});
