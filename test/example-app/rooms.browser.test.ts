import type { Page } from "playwright-core";
import { memoryGrants } from "express-aircall";
import { describeWith } from "../support/programs";
import { faultsOf } from "./axe";
import { openBoard, type OpenBoard } from "./board";
import { signInAtOnce, useChromium } from "./chromium";

jest.setTimeout(60_000);

describeWith("chromium", "the rooms beside the board, in a browser", () => {
  const openPage = useChromium();

  /** Connected, at the page of somebody who left a voicemail. */
  async function openCaller(options: Parameters<typeof openPage>[1] = {}) {
    const board = await openBoard();
    const page = await openPage(board.origin, options);
    const path = `/calls/${missedCall(board).id}`;
    await signInAtOnce(page, board.simulator, path);
    return { board, page, path };
  }

  it.each<[string, Parameters<typeof openPage>[1]]>([
    ["a desk", { viewport: { width: 1280, height: 800 } }],
    ["a desk at night", { viewport: { width: 1280, height: 800 }, colorScheme: "dark" }],
    ["a phone", { viewport: { width: 390, height: 844 } }],
    ["a small phone, in colours of its own", { viewport: { width: 320, height: 640 }, forcedColors: "active" }],
  ])("have nothing that axe-core finds amiss and fit, at %s", async (_where, options) => {
    const { board, page, path } = await openCaller(options);
    const guest = await openPage((await openBoard(undefined, {}, { keys: memoryGrants() })).origin, options);
    await guest.goto("/");
    await page.goto("/glance?day=week&sheet");
    await page.getByText("Answer rate by day").first().waitFor();
    await page.evaluate(longWaits);
    const found: Record<string, unknown> = { "/": await judge(guest), "/glance": await judge(page) };
    for (const address of ["/settings", `${path}?open=tags`, `/calls/${recorded(board)}?open=insights`]) {
      await page.goto(address);
      found[address] = await judge(page);
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((address) => [address, nothing])));
  });

  it("keep a comment that was begun through a reload, until it is saved", async () => {
    const { page, path } = await openCaller();
    await page.getByText(/^Live/).waitFor();
    await page.getByLabel("Add a comment").fill("Rings again at noon.");
    await page.reload();
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("Rings again at noon.");
    await page.getByRole("button", { name: "Save comment" }).click();
    await page.getByText("Your comment is saved.").waitFor();
    await page.goto(path);
    expect(await page.getByLabel("Add a comment").inputValue()).toBe("");
  });

  it("refuse an emoji while it is typed, and let nobody send it", async () => {
    const { board, page } = await openCaller();
    await page.getByText(/^Live/).waitFor();
    await page.getByLabel("Add a comment").fill("Thanks 🙂");
    expect(await page.locator("#comment-fault").textContent()).toContain("Take 🙂 out");
    await page.getByRole("button", { name: "Save comment" }).click();
    expect(board.simulator.requests.filter(({ path }) => path.endsWith("/comments"))).toEqual([]);
    await page.getByLabel("Add a comment").fill("Thanks");
    expect(await page.locator("#comment-fault").isHidden()).toBe(true);
  });
});

const nothing = { faults: [], tooWideBy: 0, cramped: [] };

/** As where somebody waited half a day. */
const longWaits = `for (const figure of document.querySelectorAll(".figures dd"))
  (figure.querySelector("a") ?? figure).textContent = "11 h 56 min";`;

/** What reaches out of its box, into its neighbour. */
const crampedIn = `[...document.querySelectorAll("main :not(svg, svg *)")]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX === "visible")
  .map((one) => one.textContent.trim().slice(0, 40))`;

async function judge(page: Page) {
  await page.waitForLoadState("load");
  const tooWideBy = await page.evaluate<number>("Math.max(0, document.documentElement.scrollWidth - innerWidth)");
  return { faults: await faultsOf(page), tooWideBy, cramped: await page.evaluate<string[]>(crampedIn) };
}

function missedCall({ simulator }: OpenBoard) {
  return simulator.companies[0].calls.findLast(({ voicemail }) => voicemail !== null)!;
}

function recorded({ simulator }: OpenBoard): number {
  return simulator.companies[0].calls.find(({ recording }) => recording !== null)!.id;
}
