import { describeWith } from "../support/programs";
import { comment, noticeOn, openCall, signIn, useChromium } from "./chromium";
import { serveBoard } from "./served-board";

describeWith("chromium", "npm start", () => {
  const openPage = useChromium();

  it("goes from connecting to a comment; after disconnecting the old cookie reaches nothing; and it stops", async () => {
    const board = await serveBoard();
    const page = await openPage(board.origin);
    await signIn(page);
    expect(new URL(page.url()).pathname).toBe("/missed-calls");
    await openCall(page);
    await comment(page, "Ring before noon.");
    expect(await noticeOn(page)).toBe("Your comment is saved.");
    expect(await page.getByText("Ring before noon.").count()).toBe(1);

    const { cookies } = await page.context().storageState();
    const call = page.url();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Connect Aircall" }).waitFor();

    const thief = await openPage(board.origin);
    await thief.context().addCookies(cookies);
    await thief.goto(call);
    expect(await thief.getByRole("heading").textContent()).toBe("Connect this app to Aircall?");
    const forged = { form: { content: "Still here" }, headers: { Origin: board.origin } };
    expect((await thief.request.post(`${call}/comments`, forged)).status()).toBe(401);

    await expect(board.stop()).resolves.toEqual({ code: 0, signal: null });
  });
});
