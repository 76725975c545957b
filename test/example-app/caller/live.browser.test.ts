import type { Page } from "playwright-core";
import { describeWith } from "../../support/programs";
import { faultsOf } from "../axe";
import { openBoard, type OpenBoard } from "../board";
import { signInAtOnce, useChromium } from "../chromium";
import { watchShifts } from "../shifts";

const digits = "+44 7700 900777";

describeWith("chromium", "the page of a caller that is left open", () => {
  const openPage = useChromium();

  async function openCaller(options: Parameters<typeof openPage>[1] = {}) {
    const board = await openBoard(undefined, { callsPerDay: 0 }, { live: { checkMs: 200 } });
    const missed = { raw_digits: digits, contact: null, missed_call_reason: "agents_did_not_answer" } as const;
    const [call] = board.simulator.addCalls([missed]);
    const page = await openPage(board.origin, options);
    await signInAtOnce(page, board.simulator, "/missed-calls");
    await page.locator(".caller").first().waitFor();
    await page.goto(`/calls/${call!.id}`);
    await page.getByText(/^Live/).waitFor();
    return { board, page, call: call! };
  }

  async function ringAgain({ simulator }: OpenBoard): Promise<void> {
    await simulator.playCall({ outcome: "voicemail", call: { raw_digits: digits, contact: null } });
  }

  it("shows and says what happens, and leaves what somebody writes and has chosen", async () => {
    const { board, page } = await openCaller();
    await page.getByLabel("Add a comment").fill("Rings again at noon.");
    const agent = page.getByLabel("Who calls back?");
    const wanted = await agent.locator("option").nth(2).getAttribute("value");
    await agent.selectOption(wanted);
    await page.getByRole("heading", { level: 1 }).click();
    await ringAgain(board);
    await page.locator(".history audio").waitFor();
    await page.locator("#history", { hasText: "2 calls" }).waitFor();
    await page.locator("#announce", { hasText: /ring again|left a voicemail/ }).waitFor({ state: "attached" });
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("Rings again at noon.");
    expect(["", wanted]).toContain(await agent.inputValue());
    expect(await faultsOf(page)).toEqual([]);
  });

  it("shows a colleague's comment and take within the page, and keeps the focus", async () => {
    const { board, page, call } = await openCaller();
    const colleague = await openPage(board.origin);
    await signInAtOnce(colleague, board.simulator, `/calls/${call.id}`);
    const field = page.getByLabel("Add a comment");
    await field.fill("Mine");
    await colleague.getByLabel("Add a comment").fill("Theirs");
    await colleague.getByRole("button", { name: "Save comment" }).click();
    await page.locator(".comments .content", { hasText: "Theirs" }).waitFor();
    expect([await field.inputValue(), await focusOf(page)]).toEqual(["Mine", "content"]);
    await colleague.getByLabel("Who calls back?").selectOption({ index: 1 });
    await colleague.getByRole("button", { name: "Send to their dialer" }).click();
    await page.locator(".holder").waitFor();
  });

  it.each([1280, 390])("shifts nothing at %i px as they ring again, and a colleague is on them", async (width) => {
    const { board, page, call } = await openCaller({ viewport: { width, height: 700 } });
    const colleague = await openPage(board.origin);
    await signInAtOnce(colleague, board.simulator, `/calls/${call.id}`);
    const shiftsSeen = await watchShifts(page);

    await ringAgain(board);
    await page.locator("#history", { hasText: "2 calls" }).waitFor();
    await page.getByLabel("Add a comment").scrollIntoViewIfNeeded();
    await colleague.getByLabel("Who calls back?").selectOption({ index: 1 });
    await colleague.getByRole("button", { name: "Send to their dialer" }).click();
    await page.locator(".holder").waitFor();

    expect(await shiftsSeen()).toEqual([]);
  });

  it("is live beside the board in the same browser", async () => {
    const { board, page } = await openCaller();
    const beside = await page.context().newPage();
    await beside.goto("/missed-calls");
    await beside.getByText(/^Live/).waitFor();
    await ringAgain(board);
    await page.locator("#history", { hasText: "2 calls" }).waitFor();
    await beside.getByText(/Rang twice/).waitFor();
    for (const each of [page, beside]) await each.getByText(/^Live/).waitFor();
  });

  it("keeps a comment for which there is no room any more", async () => {
    const { page, call, board } = await openCaller();
    const { origin, simulator } = board;
    await page.getByLabel("Add a comment").fill("Mine");
    const colleague = await openPage(origin);
    await signInAtOnce(colleague, simulator, `/calls/${call.id}`);
    for (const content of ["1", "2", "3", "4", "5"]) {
      await colleague.getByLabel("Add a comment").fill(content);
      await colleague.getByRole("button", { name: "Save comment" }).click();
      await colleague
        .locator(".comments .content")
        .nth(Number(content) - 1)
        .waitFor();
    }
    await page.getByText("There is no room for another.").waitFor();
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("Mine");
  });

  it("says when the company has removed the app, and has the comment again when it is connected anew", async () => {
    const { board, page, call } = await openCaller();
    await page.getByLabel("Add a comment").fill("Rings again at noon.");
    board.simulator.revoke(board.simulator.companies[0].id);
    await page.getByText("This company is connected no longer.").waitFor();
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("Rings again at noon.");
    await page.getByRole("link", { name: "Connect again" }).click();
    await page.getByRole("link", { name: "Connect again" }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.waitForURL(`**/calls/${call.id}`);
    await page.getByText(/^Live/).waitFor();
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("Rings again at noon.");
  });

  it("says so while Aircall does not tell what happened, and shows it as soon as it does", async () => {
    const { board, page } = await openCaller();
    const mend = board.simulator.fail({ match: { method: "GET", path: "/v1/calls/search" }, status: 503 });
    await ringAgain(board);
    await page.getByText("Aircall does not tell right now").waitFor();
    mend();
    await page.locator("#history", { hasText: "2 calls" }).waitFor();
    await page.getByText(/^Live/).waitFor();
  });
});

function focusOf(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement.id");
}
