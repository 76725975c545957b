import { setTimeout as wait } from "node:timers/promises";
import type { Simulator } from "express-aircall/simulator";
import { openBoard, type OpenBoard } from "../board";

const basic = (simulator: Simulator) => simulator.basic;

/** The page when the whole week has come, so that figures are all there. */
async function visitFull({ browser }: OpenBoard, path: string): Promise<string> {
  for (;;) {
    const { text } = await browser.visit(path);
    if (!text.includes("still being fetched")) return text;
    await wait(20);
  }
}

function csvRows({ text }: { text: string }): string[][] {
  return text
    .replace("\uFEFF", "")
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
}

describe("the day at a glance", () => {
  it("shows charts with a table behind each, without a request to Aircall", async () => {
    const board = await openBoard(basic);
    await visitFull(board, "/glance?day=week");
    board.simulator.clearRequests();
    const text = await visitFull(board, "/glance?day=week");
    const titles = ["Calls by hour", "Answer rate by day", "Time until reached", "By line", "By agent"];
    for (const title of titles) expect(text).toContain(`aria-label="${title}, as a chart. `);
    expect([text.match(/<svg /g)?.length, text.match(/<table>/g)?.length]).toEqual([5, 5]);
    expect(text).not.toMatch(/ style="|<style|<script/);
    for (let views = 0; views < 20; views += 1) await board.browser.visit("/glance?day=week");
    // What the board itself may still be reading, however often it is looked at.
    expect(board.simulator.requests.length).toBeLessThan(10);
  });

  it("gives the table of a chart as CSV, for what is chosen", async () => {
    const board = await openBoard(basic);
    await visitFull(board, "/glance");
    const answer = await board.browser.visit("/glance/lines.csv?day=week");
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(answer.headers["content-disposition"]).toBe("attachment; filename=calls-lines-week.csv");
    const [head, ...lines] = csvRows(answer);
    expect(head?.slice(0, 4)).toEqual(["Line", "Answer rate", "Answered", "Missed"]);

    const [company] = board.simulator.companies;
    const { id, name } = company.calls.find(({ number }) => number.name === lines[0]?.[0])!.number;
    const theirs = csvRows(await board.browser.visit(`/glance/lines.csv?day=week&line=${id}`));
    expect(theirs.slice(1).map(([line]) => line)).toEqual([name]);
    expect((await board.browser.visit("/glance/nothing.csv")).status).toBe(404);
  });

  it("says so where nobody rang", async () => {
    const board = await openBoard(basic, { callsPerDay: 0 });
    const text = await visitFull(board, "/glance");
    expect(text).toContain("No call was missed.");
    expect(text).toContain("No line was rung.");
  });

  it("is for who has connected only", async () => {
    const { browser } = await openBoard();
    for (const path of ["/glance", "/glance/lines.csv"]) {
      expect((await browser.visit(path)).headers["location"]).toMatch(/^\/auth\/aircall\?/);
    }
  });
});
