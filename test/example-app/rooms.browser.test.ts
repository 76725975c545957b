import { describeWith } from "../support/programs";
import { heardCall, openBoard } from "./board";
import { signInAtOnce, useChromium } from "./chromium";

describeWith("chromium", "the rooms beside the board, in a browser", () => {
  const openPage = useChromium();

  /** Connected, at the page of somebody who left a voicemail. */
  async function openCaller(options: Parameters<typeof openPage>[1] = {}) {
    const board = await openBoard();
    const page = await openPage(board.origin, options);
    const path = `/calls/${heardCall(board, "voicemail").id}`;
    await signInAtOnce(page, board.simulator, path);
    return { board, page, path };
  }

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
